import type { JsonKey } from './json.ts';
import { OciError } from './oci-error.ts';

/** The keys that a document is read by: those of its root, and those of the objects under some of its root keys. */
export type KeyRules = {
  readonly root: readonly string[];
  readonly below: ReadonlyArray<{
    readonly under: readonly string[];
    /** How deep these objects lie: 2 for the value of the key, 3 for the entries of a list. */
    readonly depth: 2 | 3;
    readonly names: readonly string[];
  }>;
};

/** As deep as a check wants keys reported. */
export const KEY_CHECK_DEPTH = 3;

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

/**
 * Makes a factory of checks for `scanJson`, one a document: a key that the document is read by may be there once,
 * spelled exactly (SECURITY-CASES M05). The check throws `OciError` of kind `ambiguous`.
 */
export function createKeyChecker(rules: KeyRules): () => (key: JsonKey) => void {
  const root = byFolded(rules.root);
  const below = new Map(
    rules.below.flatMap(({ under, depth, names }) => {
      const known = byFolded(names);
      return under.map((rootKey) => [`${depth} ${rootKey}`, known]);
    }),
  );
  return () => {
    const seen = new Set<string>();
    return ({ name, depth, rootKey, object }) => {
      const folded = fold(name);
      const expected = (depth === 1 ? root : below.get(`${depth} ${rootKey}`))?.get(folded);
      if (expected === undefined) return;
      if (name !== expected) throw new OciError('ambiguous', `the key "${expected}" in another spelling`, name);
      const mark = `${object} ${folded}`;
      if (seen.has(mark)) throw new OciError('ambiguous', `the key "${expected}" twice`, name);
      seen.add(mark);
    };
  };
}
