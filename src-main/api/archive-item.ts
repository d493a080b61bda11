import { isTag, parseReference } from '#shared/oci/reference.ts';
import { NotFoundError } from '../core/gantry-error.ts';
import type { ArchiveContents } from '../core/sources/archive.ts';
import type { PlanItem } from '../core/transfer/plan/plan-types.ts';
import type { SourceName } from '../core/transfer/select/name-pattern.ts';
import type { Services } from './services.ts';

type ArchiveItem = { readonly archiveId: string; readonly index: number };

/** One image of an opened archive, pinned by its digest. @throws {NotFoundError} {ArchiveError} {DiskError} */
export async function toArchiveItem(
  { archiveId, index }: ArchiveItem,
  { archives }: Services,
  signal: AbortSignal,
): Promise<PlanItem> {
  const source = archives.openArchiveSource(archiveId);
  try {
    const { contents } = source;
    const image = contents.images.find((each) => each.index === index);
    if (image === undefined) throw new NotFoundError('archive');
    const { digest } = await source.getImage(index, { signal });
    const [name] = image.names;
    return {
      kind: 'image',
      source: { kind: 'file', id: archives.takeTicket(archiveId) },
      reference: digest,
      name: sourceName(name, contents),
      text: name === undefined ? `${contents.name}@${digest}` : `${contents.name}: ${name}`,
    };
  } finally {
    await source.close();
  }
}

/** What an image is called in its archive, in parts: a whole reference, or a bare tag of what the file is called. */
function sourceName(name: string | undefined, contents: ArchiveContents): SourceName {
  const repository = repositoryOf(contents.name);
  if (name === undefined) return { repository };
  if (isTag(name)) return { repository, tag: name };
  try {
    const parsed = parseReference(name, { defaultTag: null });
    const { registry, tag } = parsed;
    return { registry, repository: parsed.repository, ...(tag === undefined ? {} : { tag }) };
  } catch {
    // No registry would take it: the person names the image.
    return { repository };
  }
}

/** `My App.tar.gz` as a registry may call it: `my-app`. */
function repositoryOf(fileName: string): string {
  const stem = fileName.toLowerCase().replace(/\.(?:oci|docker)?\.?(?:tar|tgz)(?:\.\w+)?$/, '');
  const name = stem.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  return name === '' ? 'image' : name.slice(0, 128);
}
