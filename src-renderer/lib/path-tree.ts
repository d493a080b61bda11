import { mergeNatural, toNaturalNames } from './natural-order.ts';

/** Repositories by path segment. A name can be a folder and a repository at once: then both are there. */
export type PathNode =
  | { readonly kind: 'folder'; readonly name: string; readonly path: string; readonly inside: PathFolder }
  | { readonly kind: 'repository'; readonly name: string; readonly repository: string };

const NOTHING: readonly string[] = [];

/**
 * What is directly in one folder. Most folders stay closed, so names are only put down as they come, and put in order
 * when someone looks.
 */
export class PathFolder {
  /** Empty for the root, else with a slash at the end. */
  readonly #prefix: string;
  readonly #folders = new Map<string, PathFolder>();
  /** Whole names, as they came. */
  readonly #repositories: string[] = [];
  /** Folders and last segments of repositories, as far as they are in order. */
  #ordered = { folders: NOTHING, repositories: NOTHING, repositoryCount: 0 };
  #nodes: readonly PathNode[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Folders and repositories in natural order; the same list until something is added. */
  nodes(): readonly PathNode[] {
    const { folders, repositories, repositoryCount } = this.#ordered;
    const isInOrder = folders.length === this.#folders.size && repositoryCount === this.#repositories.length;
    if (isInOrder) return this.#nodes;
    const added = this.#repositories.slice(repositoryCount).map((name) => name.slice(this.#prefix.length));
    this.#ordered = {
      folders: toNaturalNames([...this.#folders.keys()]),
      repositories: mergeNatural(repositories, toNaturalNames(added)),
      repositoryCount: this.#repositories.length,
    };
    this.#nodes = this.#inOneList();
    return this.#nodes;
  }

  /** Whether there is a repository, at any depth, that passes. */
  some(test: (repository: string) => boolean): boolean {
    if (this.#repositories.some(test)) return true;
    for (const folder of this.#folders.values()) if (folder.some(test)) return true;
    return false;
  }

  folder(name: string): PathFolder {
    const known = this.#folders.get(name);
    if (known !== undefined) return known;
    const made = new PathFolder(`${this.#prefix}${name}/`);
    this.#folders.set(name, made);
    return made;
  }

  /** A repository of this very folder, by its whole name. */
  add(repository: string): void {
    this.#repositories.push(repository);
  }

  #inOneList(): readonly PathNode[] {
    const { folders, repositories } = this.#ordered;
    const nodes: PathNode[] = [];
    let repositoryAt = 0;
    for (const name of mergeNatural(folders, repositories)) {
      const path = `${this.#prefix}${name}`;
      const inside = this.#folders.get(name);
      if (inside !== undefined) nodes.push({ kind: 'folder', name, path, inside });
      if (repositories[repositoryAt] !== name) continue;
      repositoryAt += 1;
      nodes.push({ kind: 'repository', name, repository: path });
    }
    return nodes;
  }
}

/** Names mostly come in order: many in a row are of the same folder, which is looked up once. */
function addAll(root: PathFolder, repositories: readonly string[]): void {
  let prefix = '';
  let folder = root;
  for (const repository of repositories) {
    const end = repository.lastIndexOf('/') + 1;
    if (end !== prefix.length || !repository.startsWith(prefix)) {
      prefix = repository.slice(0, end);
      folder = prefix
        .split('/')
        .slice(0, -1)
        .reduce((outer, name) => outer.folder(name), root);
    }
    folder.add(repository);
  }
}

type Pages = readonly (readonly string[])[];

/** By their first page: the tree made of the pages there were. */
const grownTrees = new WeakMap<readonly string[], { readonly pages: Pages; readonly root: PathFolder }>();

/** The tree of the names in these pages. A list that has only grown goes on in the tree it has. */
export function pathTree(pages: Pages): PathFolder {
  const [first] = pages;
  const known = first === undefined ? undefined : grownTrees.get(first);
  const isContinued = known?.pages.every((page, index) => page === pages[index]) === true;
  const { root, done } =
    known !== undefined && isContinued
      ? { root: known.root, done: known.pages.length }
      : { root: new PathFolder(''), done: 0 };
  for (const page of pages.slice(done)) addAll(root, page);
  if (first !== undefined && (done < pages.length || !isContinued)) grownTrees.set(first, { pages, root });
  return root;
}
