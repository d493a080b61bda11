export type DigestGroup<D extends string> = {
  readonly digest: D;
  /** In the order they were given. */
  readonly tags: readonly string[];
};

export type DigestGroups<D extends string> = {
  /** In the order of each group's first tag. */
  readonly groups: readonly DigestGroup<D>[];
  readonly unresolved: readonly string[];
};

/** Tags that are the same thing, side by side. */
export function groupByDigest<D extends string>(
  tags: readonly string[],
  digestOf: (tag: string) => D | undefined,
): DigestGroups<D> {
  const groups = new Map<D, string[]>();
  const unresolved: string[] = [];
  for (const tag of tags) {
    const digest = digestOf(tag);
    if (digest === undefined) {
      unresolved.push(tag);
      continue;
    }
    const known = groups.get(digest);
    if (known === undefined) groups.set(digest, [tag]);
    else known.push(tag);
  }
  return { groups: [...groups].map(([digest, members]) => ({ digest, tags: members })), unresolved };
}
