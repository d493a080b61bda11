import { sortNatural } from './natural-order.ts';

/** Repositories by path segment. A name can be a folder and a repository at once: then both are there. */
export type PathNode =
  | { readonly kind: 'folder'; readonly name: string; readonly path: string; readonly children: readonly PathNode[] }
  | { readonly kind: 'repository'; readonly name: string; readonly repository: string };

type Draft = { readonly path: string; readonly folders: Map<string, Draft>; readonly repositories: Set<string> };

function draftAt(path: string): Draft {
  return { path, folders: new Map(), repositories: new Set() };
}

function add(root: Draft, repository: string): void {
  const segments = repository.split('/');
  let here = root;
  for (const segment of segments.slice(0, -1)) {
    const next = here.folders.get(segment) ?? draftAt(here.path === '' ? segment : `${here.path}/${segment}`);
    here.folders.set(segment, next);
    here = next;
  }
  here.repositories.add(segments.at(-1) ?? repository);
}

function finish(draft: Draft): readonly PathNode[] {
  const names = sortNatural([...new Set([...draft.folders.keys(), ...draft.repositories])]);
  return names.flatMap((name) => {
    const nodes: PathNode[] = [];
    const path = draft.path === '' ? name : `${draft.path}/${name}`;
    const folder = draft.folders.get(name);
    if (folder !== undefined) nodes.push({ kind: 'folder', name, path, children: finish(folder) });
    if (draft.repositories.has(name)) nodes.push({ kind: 'repository', name, repository: path });
    return nodes;
  });
}

const known = new WeakMap<readonly string[], readonly PathNode[]>();

/** The tree of these names in natural order; the same array gives the same tree, so that opening a row is cheap. */
export function pathTree(repositories: readonly string[]): readonly PathNode[] {
  const cached = known.get(repositories);
  if (cached !== undefined) return cached;
  const root = draftAt('');
  for (const repository of repositories) add(root, repository);
  const tree = finish(root);
  known.set(repositories, tree);
  return tree;
}
