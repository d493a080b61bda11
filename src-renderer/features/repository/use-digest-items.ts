import type { Digest } from '#shared/oci/digest.ts';
import { groupByDigest } from '../../lib/group-by-digest.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useResolvedTags, type ResolvedTag } from '../../queries/use-resolved-tags.ts';
import type { TagItem } from './tag-item.ts';

export type DigestProgress = {
  readonly resolvedCount: number;
  readonly failedCount: number;
  readonly totalCount: number;
  readonly running: boolean;
};

function digestOf(answer: ResolvedTag | undefined): Digest | undefined {
  return answer !== undefined && 'digest' in answer ? answer.digest : undefined;
}

function failedItem(tag: string, answer: ResolvedTag | undefined): TagItem {
  return {
    key: `tag:${tag}`,
    tag,
    tags: [tag],
    own: [tag],
    error: answer !== undefined && 'error' in answer ? answer.error : undefined,
  };
}

/**
 * Tags that share a digest as one row. While answers arrive rows are only added at the end; once all are there they
 * stand in the order of the tags.
 */
export function useDigestItems(ref: RepositoryRef, tags: readonly string[], loaded: readonly string[] | undefined) {
  const { byTag, running, error, again } = useResolvedTags(ref, loaded);
  const shown = new Set(tags);
  const order = running ? [...byTag.keys()].filter((tag) => shown.has(tag)) : tags;
  const { groups, unresolved } = groupByDigest(order, (tag) => digestOf(byTag.get(tag)));
  const failed = unresolved.filter((tag) => byTag.has(tag));
  const items: readonly TagItem[] = [
    ...groups.map((group): TagItem => ({
      key: group.digest,
      tag: group.tags[0] ?? '',
      tags: group.tags,
      own: group.tags.slice(0, 1),
      digest: group.digest,
    })),
    ...failed.map((tag) => failedItem(tag, byTag.get(tag))),
  ];
  const progress: DigestProgress = {
    resolvedCount: byTag.size,
    failedCount: [...byTag.values()].filter((answer) => 'error' in answer).length,
    totalCount: loaded?.length ?? 0,
    running,
  };
  return { items, progress, error, again };
}
