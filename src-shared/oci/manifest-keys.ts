import type { JsonKey } from './json.ts';
import { OciError } from './oci-error.ts';

/**
 * Keys as a Go reader folds them: case does not count, and `ſ` and the Kelvin sign are letters like any other.
 * Docker reads `"Layers"` as `layers`; a reader that does not would show something else than what runs.
 */
function fold(name: string): string {
  return name.toUpperCase().toLowerCase();
}

function byFolded(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [fold(name), name]));
}

const ROOT = byFolded([
  'schemaVersion',
  'mediaType',
  'artifactType',
  'config',
  'layers',
  'manifests',
  'blobs',
  'subject',
  'annotations',
  'fsLayers',
  'history',
  'signatures',
  'name',
  'tag',
  'architecture',
]);
const DESCRIPTOR = byFolded(['mediaType', 'digest', 'size', 'urls', 'data', 'artifactType', 'platform', 'annotations']);

/** Depth at which the descriptors under a root key lie: directly, or as entries of a list. */
const DESCRIPTOR_DEPTH: ReadonlyMap<string, number> = new Map([
  ['config', 2],
  ['subject', 2],
  ['layers', 3],
  ['manifests', 3],
  ['blobs', 3],
]);

/** As deep as {@link createKeyCheck} wants keys reported. */
export const MANIFEST_KEY_DEPTH = 3;

/**
 * A check for `scanJson`: a key that a manifest or descriptor is read by may be there once, spelled exactly
 * (SECURITY-CASES M05). The check throws `OciError` of kind `ambiguous`.
 */
export function createKeyCheck(): (key: JsonKey) => void {
  const seen = new Set<string>();
  return ({ name, depth, rootKey, object }) => {
    const known = depth === 1 ? ROOT : DESCRIPTOR_DEPTH.get(rootKey) === depth ? DESCRIPTOR : undefined;
    const folded = fold(name);
    const expected = known?.get(folded);
    if (expected === undefined) return;
    if (name !== expected) throw new OciError('ambiguous', `the key "${expected}" in another spelling`, name);
    const mark = `${object} ${folded}`;
    if (seen.has(mark)) throw new OciError('ambiguous', `the key "${expected}" twice`, name);
    seen.add(mark);
  };
}
