import { FilesError } from '../files-error.ts';
import { segmentsOf } from '../overlay/inside-path.ts';
import { walkPath } from '../overlay/links.ts';
import { NONE } from '../overlay/path-tree.ts';
import type { View } from '../overlay/view.ts';

/** Whether a symbolic link at the end of the path is followed too. */
export type FollowLast = 'follow' | 'keep';

export type Followed =
  | { readonly kind: 'found'; readonly node: number }
  | { readonly kind: 'no-such-path' | 'broken-link' | 'too-many-links' };

/** Walks a path in a view, symbolic links across layers included. */
export function followPath(view: View, path: string, last: FollowLast): Followed {
  const segments = segmentsOf(path);
  if (typeof segments === 'string') return { kind: 'no-such-path' };
  const { tree, entries } = view.stack;
  const walked = walkPath(tree, segments, (parent, name, isLast) => {
    const node = tree.childOf(parent, name);
    const id = node === NONE ? NONE : view.entryOf(node);
    if (id === NONE) return { kind: 'missing' };
    const isLink = id >= 0 && entries.typeOf(id) === 'symlink' && !(isLast && last === 'keep');
    return isLink ? { kind: 'link', target: entries.linkOf(id) ?? '' } : { kind: 'enter', node };
  });
  if (walked.kind !== 'missing') return walked;
  return { kind: walked.hops > 0 ? 'broken-link' : 'no-such-path' };
}

/** As {@link followPath}. @throws {FilesError} `no-such-path`, `broken-link`, `too-many-links` */
export function nodeAt(view: View, path: string, last: FollowLast): number {
  const followed = followPath(view, path, last);
  if (followed.kind !== 'found') throw new FilesError(followed.kind, path);
  return followed.node;
}
