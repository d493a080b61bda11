import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { BuiltContent } from '#main/core/local-registry/image-builder/content.ts';
import { buildImage, buildIndex } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { type TarEntry, writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import type { ArchiveSource } from '#main/core/sources/archive.ts';
import { openArchive } from '#main/core/sources/open-archive.ts';
import type { ContentDestination, PutBlob } from '#main/core/transfer/ends.ts';
import { parseManifest } from '#shared/oci/manifest.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A signal that never aborts. */
export const going: { readonly signal: AbortSignal } = { signal: new AbortController().signal };

/** An image of two layers, the lower of which is the same for every architecture. */
export function smallImage(architecture = 'amd64', format: 'oci' | 'docker' = 'oci'): BuiltContent {
  return buildImage({
    platform: { os: 'linux', architecture },
    created: '2026-01-01T00:00:00Z',
    format,
    config: { Cmd: ['/file'], Healthcheck: { Test: ['CMD', '/file'] } },
    steps: [
      { createdBy: 'base', layer: buildLayer([{ path: 'base', type: 'file', content: 'b'.repeat(70_000) }]) },
      { createdBy: 'COPY', layer: buildLayer([{ path: 'file', type: 'file', content: architecture }]) },
    ],
  });
}

/** An index of two platforms over `smallImage`. */
export function smallIndex(): BuiltContent {
  return buildIndex(
    ['amd64', 'arm64'].map((architecture) => ({
      content: smallImage(architecture),
      platform: { os: 'linux', architecture },
    })),
  );
}

/** Opens an archive with a scratch folder of its own; closed when the test ends. */
export async function openForTest(path: string, scratchDir = temporaryFolder()): Promise<ArchiveSource> {
  const { source } = await openArchive(path, { scratchDir, ...going });
  onTestFinished(() => source.close());
  return source;
}

/** Writes entries as a tar into a new folder; its path. */
export function tarFile(entries: readonly TarEntry[], name = 'images.tar'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, writeTar(entries));
  return path;
}

/** A file entry. */
export const file = (path: string, content: Uint8Array | string): TarEntry => ({ path, type: 'file', content });

/** Files of a tar as GNU tar unpacks them, into a new folder; its path. */
export function unpackTar(path: string): string {
  const folder = join(temporaryFolder(), 'unpacked');
  mkdirSync(folder);
  execFileSync('tar', ['-xf', path, '-C', folder]);
  return folder;
}

/** Every byte of a source's blob from `startByte` on. */
export async function readBlob(
  source: ArchiveSource,
  digest: BuiltContent['descriptor']['digest'],
  sizeBytes: number,
  startByte = 0,
): Promise<Buffer> {
  const descriptor = { digest, sizeBytes, mediaType: 'application/octet-stream', annotations: [], urls: [] };
  const chunks: Buffer[] = [];
  for await (const chunk of await source.openBlob(descriptor, { startByte, ...going })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Every manifest and blob below `digest`, read through the source: digest → bytes. */
export async function readWhole(source: ArchiveSource, digest: string): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const manifest = await source.getManifest(digest, going);
  found.set(manifest.digest, Buffer.from(manifest.bytes));
  const parsed = parseManifest(manifest.bytes, manifest.mediaType);
  if (parsed.kind === 'index') {
    for (const child of parsed.manifests) {
      for (const [name, bytes] of await readWhole(source, child.digest)) found.set(name, bytes);
    }
  }
  if (parsed.kind === 'image') {
    for (const blob of [parsed.config, ...parsed.layers]) {
      found.set(blob.digest, await readBlob(source, blob.digest, blob.sizeBytes));
    }
  }
  return found;
}

/** What built content holds, in the form of `readWhole`. */
export function wholeOf(content: BuiltContent): ReadonlyMap<string, Buffer> {
  return new Map([...content.manifests, ...content.blobs].map(({ digest, bytes }) => [digest, Buffer.from(bytes)]));
}

/** Puts content into a destination as the engine does: blobs side by side, children before their index, names last. */
export async function putContent(
  destination: ContentDestination,
  content: BuiltContent,
  names: readonly string[],
  signal: AbortSignal = going.signal,
): Promise<void> {
  await Promise.all(
    content.blobs.map(({ digest, bytes }) => destination.putBlob({ ...blobCall(digest, bytes), signal })),
  );
  for (const manifest of content.manifests) {
    await destination.putManifest({ reference: manifest.digest, manifest, signal });
    if (manifest !== content.manifests.at(-1)) continue;
    for (const reference of names) await destination.putManifest({ reference, manifest, signal });
  }
}

/** A call of `putBlob` with bytes in memory. */
export function blobCall(digest: BuiltContent['descriptor']['digest'], bytes: Uint8Array): PutBlob {
  return {
    ...going,
    descriptor: { digest, sizeBytes: bytes.byteLength, mediaType: 'application/octet-stream' },
    open: async (startByte) =>
      Readable.from(startByte < bytes.byteLength ? [Buffer.from(bytes.subarray(startByte))] : []),
  };
}
