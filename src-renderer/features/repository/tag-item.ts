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

/** All rows by their keys and tags; a row itself is made when it is looked at, since there may be 100,000. */
export type TagRows = {
  readonly keys: readonly string[];
  /** The `tag` of each row. */
  readonly tags: readonly string[];
  /** The same row each time. */
  readonly at: (index: number) => TagItem | undefined;
};

function tagItem(tag: string): TagItem {
  const own = [tag];
  return { key: tag, tag, tags: own, own };
}

/** A row for each tag. */
export function rowsOfTags(tags: readonly string[]): TagRows {
  const made = new Map<number, TagItem>();
  const at = (index: number) => {
    const tag = tags[index];
    const item = made.get(index) ?? (tag === undefined ? undefined : tagItem(tag));
    if (item !== undefined) made.set(index, item);
    return item;
  };
  return { keys: tags, tags, at };
}

export function rowsOfItems(items: readonly TagItem[]): TagRows {
  return { keys: items.map(({ key }) => key), tags: items.map(({ tag }) => tag), at: (index) => items[index] };
}

/** What a row stands for when it is copied: its tag, or every tag that shares its digest. */
export function itemSources({ registryId, repository }: RepositoryPlace, item: TagItem): readonly CopySource[] {
  return item.tags.map((reference): CopySource => ({ kind: 'image', registryId, repository, reference }));
}
