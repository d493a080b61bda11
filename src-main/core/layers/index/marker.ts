import type { EntryType } from '../layer-entry.ts';

const PREFIX = Buffer.from('.wh.');
const OPAQUE = Buffer.from('.wh..wh..opq');

/** The bytes of a marker before the name that it hides. */
export const MARKER_LENGTH: number = PREFIX.length;

/**
 * What a file of this name is: `.wh.NAME` hides NAME in the layers below, `.wh..wh..opq` all that they have in its
 * folder. A marker that hides no name (`.wh.`, `.wh..`, `.wh...`) is no marker and, since programs have deleted whole
 * folders for it, is called dangerous (T12). Spec: OCI image 1.1, layer.md, "Whiteouts".
 */
export function markerType(name: Uint8Array): Extract<EntryType, 'whiteout' | 'opaque'> | 'dangerous' | undefined {
  if (name[0] !== PREFIX[0] || PREFIX.compare(name, 0, PREFIX.length) !== 0) return undefined;
  if (OPAQUE.equals(name)) return 'opaque';
  const hidden = name.length - PREFIX.length;
  const isDots = name.subarray(PREFIX.length).every((byte) => byte === 0x2e);
  return isDots && hidden <= 2 ? 'dangerous' : 'whiteout';
}
