import type { Slices } from '../../slices.ts';

const RUN = 1024;
const STEPS = 2048;

/**
 * Sorts in place, stable, without holding up the event loop: runs of 1,024 by the engine's own sort, then merged.
 * `compare` is that of `Array.prototype.sort`.
 */
export async function sortInSlices(
  items: Int32Array<ArrayBuffer>,
  compare: (a: number, b: number) => number,
  slices: Slices,
): Promise<void> {
  for (let start = 0; start < items.length; start += RUN) {
    items.subarray(start, start + RUN).sort(compare);
    if (slices.due()) await slices.next();
  }
  const spare = new Int32Array(items.length);
  for (let width = RUN; width < items.length; width *= 2) {
    for (let start = 0; start + width < items.length; start += width * 2) {
      const end = Math.min(start + width * 2, items.length);
      await merge(items, { start, middle: start + width, end }, { spare, compare, slices });
    }
  }
}

type Merge = {
  readonly spare: Int32Array<ArrayBuffer>;
  readonly compare: (a: number, b: number) => number;
  readonly slices: Slices;
};

/** Merges two sorted runs that lie side by side. */
async function merge(
  items: Int32Array<ArrayBuffer>,
  { start, middle, end }: { readonly start: number; readonly middle: number; readonly end: number },
  { spare, compare, slices }: Merge,
): Promise<void> {
  let left = start;
  let right = middle;
  for (let out = start; out < end; out += 1) {
    const a = items[left] ?? 0;
    const b = items[right] ?? 0;
    const isLeft = left < middle && (right >= end || compare(a, b) <= 0);
    spare[out] = isLeft ? a : b;
    if (isLeft) left += 1;
    else right += 1;
    if (out % STEPS === 0 && slices.due()) await slices.next();
  }
  items.set(spare.subarray(start, end), start);
}
