import { partsOf } from './inside-path.ts';
import { type PathTree, ROOT } from './path-tree.ts';

/** As many as any engine follows before it calls it a circle (and more than Linux does). */
const MAX_LINK_HOPS = 64;
const MAX_TARGET_PARTS = 2048;

/** What is at the next name of a path: a node to go on from, a symbolic link, or nothing. */
export type Step =
  | { readonly kind: 'enter'; readonly node: number }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'missing' };

export type Walked =
  | { readonly kind: 'found'; readonly node: number }
  /** `hops`: how many links lay on the way. */
  | { readonly kind: 'missing'; readonly hops: number }
  | { readonly kind: 'too-many-links' };

/**
 * Walks a path as a system would whose root is the image's: `..` leads never above it, absolute link targets begin at
 * it, and more than 64 links are a circle. `step` says what is at a name; `isLast` when nothing comes after it.
 */
export function walkPath(
  tree: PathTree,
  segments: readonly string[],
  step: (parent: number, name: string, isLast: boolean) => Step,
): Walked {
  const rest = segments.toReversed();
  let node = ROOT;
  let hops = 0;
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    if (name === '..') {
      node = Math.max(tree.parentOf(node), ROOT);
      continue;
    }
    const next = step(node, name, rest.length === 0);
    if (next.kind === 'missing') return { kind: 'missing', hops };
    if (next.kind === 'enter') {
      node = next.node;
      continue;
    }
    const parts = partsOf(next.target);
    hops += 1;
    if (hops > MAX_LINK_HOPS || parts.length > MAX_TARGET_PARTS) return { kind: 'too-many-links' };
    if (next.target.startsWith('/')) node = ROOT;
    rest.push(...parts.toReversed());
  }
  return { kind: 'found', node };
}
