import type { Archive, ArchiveFormat, ArchiveImage } from '#shared/api/archives.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { isTag, parseReference } from '#shared/oci/reference.ts';
import type { CopySource } from './copy-sources.ts';
import { registryPart, type NameFacts } from './name-pattern.ts';

const FORMATS: Readonly<Record<ArchiveFormat, string>> = {
  'oci-tar': 'OCI archive',
  'oci-layout': 'OCI layout folder',
  'docker-tar': 'Docker archive',
};

export function formatName(format: ArchiveFormat): string {
  return FORMATS[format];
}

/** What an image of an archive is called: its first name, else the beginning of its digest or ID. Registry text. */
export function archiveImageName({ names, digest, configDigest, index }: ArchiveImage): string {
  const id = digest ?? configDigest;
  return names[0] ?? (id === undefined ? `Image ${index + 1}` : shortDigest(id));
}

function parsed(name: string) {
  try {
    return parseReference(name, { defaultTag: null });
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}

const NAMELESS: NameFacts = { repository: '', name: '', registry: '', tag: '', digest: undefined };

/**
 * What the placeholders are for an image of an archive. An OCI layout often names an image by its tag alone; then there
 * is no repository to take from it.
 */
export function archiveFacts({ names }: ArchiveImage): NameFacts {
  const [name] = names;
  if (name === undefined) return NAMELESS;
  if (!/[/:]/.test(name) && isTag(name)) return { ...NAMELESS, tag: name };
  const reference = parsed(name);
  if (reference === undefined) return NAMELESS;
  const { repository, registry, tag = '' } = reference;
  return {
    repository,
    name: repository.slice(repository.lastIndexOf('/') + 1),
    registry: registryPart(registry),
    tag,
    digest: undefined,
  };
}

/** All images of some archives, told apart. */
export type ArchiveChoice = { readonly key: string; readonly archive: Archive; readonly image: ArchiveImage };

export function choicesOf(archives: readonly Archive[]): readonly ArchiveChoice[] {
  return archives.flatMap((archive) =>
    archive.images.map((image) => ({ key: `${archive.archiveId} ${image.index}`, archive, image })),
  );
}

const UNFIT = /[^\w.-]+/g;

/** A name for a file that holds these: `web-1.2.tar`, `web-3-images.tar`. */
export function suggestFileName(sources: readonly CopySource[], format: ArchiveFormat): string {
  const [first] = sources;
  const end = format === 'oci-layout' ? '' : '.tar';
  if (first === undefined) return `images${end}`;
  const last = first.repository.slice(first.repository.lastIndexOf('/') + 1);
  const isOne = sources.every(({ repository }) => repository === first.repository);
  if (!isOne) return `images${end}`;
  if (sources.length > 1) return `${last}-${sources.length}-images${end}`;
  return first.kind === 'repository'
    ? `${last}${end}`
    : `${last}-${first.reference.slice(0, 64).replaceAll(UNFIT, '-')}${end}`;
}

/** Why a text cannot be the name of a file everywhere; undefined for a good one. */
export function fileNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'Type a name for the file';
  if (/[<>:"/\\|?*]/.test(name) || /\p{Cc}/u.test(name)) return 'A file name cannot hold / \\ : * ? " < > or |';
  return /^\.+$|[ .]$/.test(name) || name.length > 200 ? 'That is no file name' : undefined;
}
