import type { Descriptor } from '#shared/oci/descriptor.ts';
import { asObject, optionalString } from '#shared/oci/json-fields.ts';
import { parseJson } from '#shared/oci/json.ts';
import { parseManifest } from '#shared/oci/manifest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { ArchiveError } from '../../gantry-error.ts';
import { MANIFEST_LIMIT_BYTES, parseDocument } from '../documents.ts';
import type { ArchiveFiles } from '../files/archive-files.ts';

/** What `index.json` lists: each manifest once, with all the names it has there. */
export type LayoutImage = { readonly descriptor: Descriptor; readonly names: readonly string[] };

/** What makes a folder or tar an OCI layout, and the version every tool writes. */
export const LAYOUT_FILE = 'oci-layout';
export const LAYOUT_VERSION = '1.0.0';
export const INDEX_FILE = 'index.json';
/** The full name of an image, as containerd and docker write it. */
export const CONTAINERD_NAME = 'io.containerd.image.name';
/** A tag or any other name. Spec: OCI image 1.1, annotations.md. */
export const REF_NAME = 'org.opencontainers.image.ref.name';

const MAX_VERSION_BYTES = 4096;

/** True when it says of itself that it is a layout. */
export async function isLayout(files: ArchiveFiles): Promise<boolean> {
  return (await files.sizeOf(LAYOUT_FILE)) !== undefined;
}

/**
 * Reads the list of an OCI layout. Spec: OCI image 1.1, image-layout.md.
 * @throws {ArchiveError} `bad-document` for another version or a bad list, `missing-blob` without a list, `too-large`
 */
export async function readLayout(
  files: ArchiveFiles,
  call: { readonly signal: AbortSignal },
): Promise<readonly LayoutImage[]> {
  await checkVersion(files, call);
  return groupByDigest(await readIndexFile(files, call));
}

async function checkVersion(files: ArchiveFiles, call: { readonly signal: AbortSignal }): Promise<void> {
  const bytes = await files.readSmall(LAYOUT_FILE, MAX_VERSION_BYTES, call);
  const version = parseDocument(files.name, LAYOUT_FILE, () =>
    optionalString(asObject(parseJson(bytes), LAYOUT_FILE), 'imageLayoutVersion', LAYOUT_FILE),
  );
  if (version === LAYOUT_VERSION) return;
  throw new ArchiveError('bad-document', files.name, `${LAYOUT_FILE}: imageLayoutVersion is not ${LAYOUT_VERSION}`);
}

/** The descriptors of `index.json`, in its order. @throws {ArchiveError} as `readLayout` */
async function readIndexFile(
  files: ArchiveFiles,
  call: { readonly signal: AbortSignal },
): Promise<readonly Descriptor[]> {
  const bytes = await files.readSmall(INDEX_FILE, MANIFEST_LIMIT_BYTES, call);
  const index = parseDocument(files.name, INDEX_FILE, () => parseManifest(bytes, MEDIA_TYPE.ociIndex));
  return index.kind === 'index' ? index.manifests : [];
}

function groupByDigest(descriptors: readonly Descriptor[]): readonly LayoutImage[] {
  const groups = new Map<string, { readonly descriptor: Descriptor; readonly names: string[] }>();
  for (const descriptor of descriptors) {
    const key = `${descriptor.mediaType} ${descriptor.digest}`;
    const group = groups.get(key) ?? { descriptor, names: [] };
    const name = nameOf(descriptor);
    if (name !== undefined && !group.names.includes(name)) group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Its full name where it has one: a tag alone says less. */
export function nameOf({ annotations }: Descriptor): string | undefined {
  const value = (wanted: string) => annotations.find(([name]) => name === wanted)?.[1];
  return value(CONTAINERD_NAME) || value(REF_NAME) || undefined;
}
