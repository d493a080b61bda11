import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { parseJson } from '#shared/oci/json.ts';
import { asObject } from '#shared/oci/json-fields.ts';
import { effectiveMediaType } from '#shared/oci/sniff-manifest.ts';
import { ArchiveError } from '../../gantry-error.ts';
import { createSingleFlight } from '../../single-flight.ts';
import type { ManifestBytes } from '../../transfer/ends.ts';
import type { ArchiveFormat, ArchiveImage, ArchiveSource } from '../archive.ts';
import { describeImage, type ImageFacts } from '../describe-image.ts';
import { blobPath, MANIFEST_LIMIT_BYTES, parseDocument, readVerified } from '../documents.ts';
import type { ArchiveFiles } from '../files/archive-files.ts';
import { findReferrers, type LayoutReferrers } from './layout-referrers.ts';
import { type LayoutImage, readLayout } from './read-layout.ts';

type Call = { readonly signal: AbortSignal };

/**
 * An OCI layout, in a folder or a tar, as a source: everything exactly as it lies there.
 * @throws {ArchiveError} `bad-document`, `missing-blob`, `damaged` when the list, or all it lists, cannot be read
 */
export async function openLayoutSource(
  files: ArchiveFiles,
  kind: Exclude<ArchiveFormat, 'docker-tar'>,
  call: Call,
): Promise<ArchiveSource> {
  const listed = await readLayout(files, call);
  const { images, warnings } = await describeAll(files, listed, call.signal);
  const walks = createSingleFlight<LayoutReferrers>();
  let referrers: LayoutReferrers | undefined;
  const byDigest = async (digest: Digest, { signal }: Call): Promise<ManifestBytes> => {
    const known = listed.find(({ descriptor }) => descriptor.digest === digest);
    const bytes = await readVerified(files, digest, MANIFEST_LIMIT_BYTES, { signal });
    return { bytes, digest, mediaType: known?.descriptor.mediaType ?? sniff(files.name, digest, bytes) };
  };
  return {
    kind,
    name: files.name,
    contents: { name: files.name, format: kind, sizeBytes: files.sizeBytes, images, warnings },
    getManifest: async (reference, call) =>
      byDigest(isDigest(reference) ? reference : digestOfName(files.name, listed, reference), call),
    getImage: async (index, call) => {
      const image = listed[index];
      if (image === undefined) throw new ArchiveError('missing-image', files.name, `image ${index}`);
      return byDigest(image.descriptor.digest, call);
    },
    openBlob: async ({ digest, sizeBytes }, { startByte, signal }) => {
      const path = blobPath(digest);
      const actual = await files.sizeOf(path);
      if (actual !== undefined && actual !== sizeBytes) {
        throw new ArchiveError('damaged', files.name, `${path} has ${actual} bytes, not ${sizeBytes}`);
      }
      return files.openFile(path, { startByte, signal });
    },
    blobSize: async (digest) => {
      const path = blobPath(digest);
      const sizeBytes = await files.sizeOf(path);
      if (sizeBytes === undefined) throw new ArchiveError('missing-blob', files.name, path);
      return sizeBytes;
    },
    listReferrers: async (digest, { signal }) => {
      referrers ??= await walks.run('', (walkSignal) => findReferrers(files, listed, walkSignal), signal);
      return referrers.get(digest) ?? [];
    },
    close: () => files.close(),
  };
}

/** A name may be there for one image only: which of two was meant nobody can say. */
function digestOfName(archive: string, listed: readonly LayoutImage[], name: string): Digest {
  const [found, ...others] = listed.filter(({ names }) => names.includes(name));
  if (found === undefined) throw new ArchiveError('missing-image', archive, name);
  if (others.length > 0) throw new ArchiveError('bad-document', archive, `${name} names several images`);
  return found.descriptor.digest;
}

/** A child of an index is asked for by its digest alone; its bytes say what it is. */
function sniff(archive: string, digest: Digest, bytes: Uint8Array): string {
  return parseDocument(archive, blobPath(digest), () =>
    effectiveMediaType('', () => asObject(parseJson(bytes), 'manifest')),
  );
}

async function describeAll(files: ArchiveFiles, listed: readonly LayoutImage[], signal: AbortSignal) {
  const images: ArchiveImage[] = [];
  const warnings: { readonly source: 'gantry'; readonly text: string }[] = [];
  const failures: ArchiveError[] = [];
  for (const [index, { descriptor, names }] of listed.entries()) {
    const facts = await factsOf(files, descriptor, signal, failures);
    const { problems, ...image } = facts;
    images.push({ index, names: [...names], digest: descriptor.digest, ...image });
    for (const problem of problems) warnings.push({ source: 'gantry', text: problem });
  }
  const [failure] = failures;
  if (failure !== undefined && failures.length === listed.length) throw failure;
  return { images, warnings };
}

/** An image that cannot be read does not hide the others; when it is chosen, the transfer says why. */
async function factsOf(
  files: ArchiveFiles,
  descriptor: LayoutImage['descriptor'],
  signal: AbortSignal,
  failures: ArchiveError[],
): Promise<ImageFacts> {
  try {
    return await describeImage(files, descriptor, signal);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    failures.push(error);
    const problems = [`${descriptor.digest}: ${error.detail} (${error.reason})`];
    return { kind: 'unknown', mediaType: descriptor.mediaType, platforms: [], sizeBytes: 0, problems };
  }
}
