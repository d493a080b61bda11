import type { TagFilter, TransferItem } from '#shared/api/transfers.ts';
import { isDigest, shortDigest } from '#shared/oci/digest.ts';
import { formatCount } from './format-bytes.ts';
import type { RepositoryPlace } from './paths.ts';

/** What is known of an image before it is planned. */
export type KnownImage = {
  /** Compressed bytes; of one platform only when `isAtLeast`. */
  readonly sizeBytes?: number | undefined;
  readonly isAtLeast?: boolean | undefined;
  readonly platforms?: readonly string[] | undefined;
};

/** Something in a registry that can be copied: what a tag or digest names, or a whole repository. */
export type CopySource = RepositoryPlace &
  (
    | ({ readonly kind: 'image'; readonly reference: string } & KnownImage)
    | {
        readonly kind: 'repository';
        /** The path it was taken from, when not all repositories below that were listed yet: others may be missing. */
        readonly partOf?: string | undefined;
      }
  );

/** The items of a plan. A filter narrows the tags of repositories; single images are taken as they are. */
export function itemsOf(sources: readonly CopySource[], filter?: TagFilter): TransferItem[] {
  return sources.map((source) => {
    const { registryId, repository } = source;
    if (source.kind === 'image') return { kind: 'image', registryId, repository, reference: source.reference };
    return { kind: 'repository', registryId, repository, ...(filter === undefined ? {} : { filter }) };
  });
}

/** `shop/web:1.2`, `shop/web@9f86d081884c`, `shop/web`. */
export function sourceName(source: CopySource): string {
  if (source.kind === 'repository') return source.repository;
  const { repository, reference } = source;
  return isDigest(reference) ? `${repository}@${shortDigest(reference)}` : `${repository}:${reference}`;
}

/** The whole reference, as one would paste it. */
export function sourceReference(source: CopySource, host: string): string {
  if (source.kind === 'repository') return `${host}/${source.repository}`;
  return `${host}/${source.repository}${isDigest(source.reference) ? '@' : ':'}${source.reference}`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `shop/web:1.2`, `3 images of shop/web`, `2 repositories`, `2 images and 1 repository`. Registry text. */
export function describeSources(sources: readonly CopySource[]): string {
  const [first] = sources;
  if (first === undefined) return 'Nothing';
  if (sources.length === 1) return sourceName(first);
  const images = sources.filter(({ kind }) => kind === 'image');
  const isOneRepository = sources.every(
    ({ registryId, repository }) => registryId === first.registryId && repository === first.repository,
  );
  if (isOneRepository && images.length === sources.length)
    return `${plural(images.length, 'image')} of ${first.repository}`;
  const parts = [
    images.length > 0 && plural(images.length, 'image'),
    images.length < sources.length && plural(sources.length - images.length, 'repository', 'repositories'),
  ];
  return parts.filter((part) => part !== false).join(' and ');
}

/** Paths of which only the repositories listed so far are among the sources. */
export function partialPaths(sources: readonly CopySource[]): readonly string[] {
  const paths = sources.flatMap((source) => (source.kind === 'repository' ? (source.partOf ?? []) : []));
  return [...new Set(paths)];
}

/** What all of them come to, as far as every size is known. */
export function knownSize(
  sources: readonly CopySource[],
): { readonly bytes: number; readonly isAtLeast: boolean } | undefined {
  let bytes = 0;
  let isAtLeast = false;
  for (const source of sources) {
    if (source.kind === 'repository' || source.sizeBytes === undefined) return undefined;
    bytes += source.sizeBytes;
    isAtLeast ||= source.isAtLeast === true;
  }
  return sources.length === 0 ? undefined : { bytes, isAtLeast };
}

/** Platforms that are known to be among the sources, each once. */
export function knownPlatforms(sources: readonly CopySource[]): readonly string[] {
  return [...new Set(sources.flatMap((source) => (source.kind === 'image' ? (source.platforms ?? []) : [])))];
}

/** The summary of a tag says the size of one platform; an index of several is larger than that. */
export function knownOf(
  summary: { readonly sizeBytes?: number | undefined; readonly platforms: readonly string[] } | undefined,
): KnownImage {
  if (summary === undefined) return {};
  const { sizeBytes, platforms } = summary;
  return { sizeBytes, isAtLeast: platforms.length > 1, platforms };
}
