/** So near to an edge, in CSS pixels, a list scrolls by itself while something is dragged over it. */
const EDGE = 36;
/** At the very edge, in CSS pixels a frame. */
const FASTEST = 14;

/** How far a list should scroll in this frame: negative is up. Nothing outside of it, or in its middle. */
export function edgeSpeed(pointer: number, top: number, bottom: number): number {
  if (pointer < top || pointer > bottom) return 0;
  // In a list lower than two edges the middle belongs to neither.
  const edge = Math.min(EDGE, (bottom - top) / 2);
  if (pointer < top + edge) return -Math.ceil(((top + edge - pointer) / edge) * FASTEST);
  if (pointer > bottom - edge) return Math.ceil(((pointer - bottom + edge) / edge) * FASTEST);
  return 0;
}
