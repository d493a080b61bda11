import type { AppError } from '#shared/api/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { CopySource } from '../../lib/copy-sources.ts';
import type { RepositoryPlace } from '../../lib/paths.ts';

/** One row: a tag, or all tags that share a digest. */
export type TagItem = {
  readonly key: string;
  /** The tag the row's details are of; the first of `tags`. */
  readonly tag: string;
  readonly tags: readonly string[];
  /** `tag` alone, as a list that stays the same object. */
  readonly own: readonly string[];
  readonly digest?: Digest | undefined;
  /** The tag could not be resolved to a digest. */
  readonly error?: AppError | undefined;
};

export type TagView = 'tags' | 'digests';
export type TagOrder = 'natural' | 'semver' | 'date';

export function tagItem(tag: string): TagItem {
  const own = [tag];
  return { key: tag, tag, tags: own, own };
}

/** What a row stands for when it is copied: its tag, or every tag that shares its digest. */
export function itemSources({ registryId, repository }: RepositoryPlace, item: TagItem): readonly CopySource[] {
  return item.tags.map((reference): CopySource => ({ kind: 'image', registryId, repository, reference }));
}
