import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { digestOf } from '../../content-digest.ts';
import { openRegular } from '../../files.ts';
import { ArchiveError } from '../../gantry-error.ts';
import { createSingleFlight } from '../../single-flight.ts';
import type { ManifestBytes } from '../../transfer/ends.ts';
import type { ArchiveImage, ArchiveSource } from '../archive.ts';
import type { ArchiveFiles } from '../files/archive-files.ts';
import { bytesStream, readRange } from '../files/read-range.ts';
import type { DockerImage } from './docker-image.ts';
import { readDockerImages } from './docker-images.ts';
import { makeManifest } from './image-manifest.ts';
import { type LayerBlob, prepareLayer } from './layer-blobs.ts';
import type { LayerSpool, SpooledLayer } from './layer-spool.ts';

type Call = { readonly signal: AbortSignal };

/** An image whose layers have been read. */
type Prepared = { readonly manifest: ManifestBytes; readonly config: Uint8Array; readonly configDigest: Digest };

/**
 * The images of a docker-save tar as a source. Manifests are made when they are asked for, since that takes reading every
 * layer; digests that are asked for before are looked for by making all of them.
 * @throws {ArchiveError} as `readDockerImages`
 */
export async function openDockerSource(files: ArchiveFiles, spool: LayerSpool, call: Call): Promise<ArchiveSource> {
  const images = await readDockerImages(files, call);
  const content = createContent(files, spool, images);
  const { name } = files;
  return {
    kind: 'docker-tar',
    name,
    contents: {
      name,
      format: 'docker-tar',
      sizeBytes: files.sizeBytes,
      images: await listImages(files, images),
      warnings: [],
    },
    getImage: async (index, call) => (await content.prepare(index, call)).manifest,
    getManifest: async (reference, call) => {
      const found = isDigest(reference)
        ? await content.find(call, ({ manifest }) => (manifest.digest === reference ? manifest : undefined))
        : (await content.prepare(indexOfName(name, images, reference), call)).manifest;
      if (found === undefined) throw new ArchiveError('missing-image', name, reference);
      return found;
    },
    openBlob: ({ digest }, call) => content.openBlob(digest, call),
    listReferrers: async () => [],
    close: () => files.close(),
  };
}

function indexOfName(archive: string, images: readonly DockerImage[], name: string): number {
  const index = images.findIndex(({ names }) => names.includes(name));
  if (index === -1) throw new ArchiveError('missing-image', archive, name);
  return index;
}

async function listImages(files: ArchiveFiles, images: readonly DockerImage[]): Promise<ArchiveImage[]> {
  const listed: ArchiveImage[] = [];
  for (const [index, { names, layerPaths, platform, configDigest }] of images.entries()) {
    let sizeBytes = 0;
    for (const path of new Set(layerPaths)) sizeBytes += (await files.sizeOf(path)) ?? 0;
    const ids = configDigest === undefined ? {} : { configDigest };
    const mediaType = MEDIA_TYPE.dockerManifest;
    listed.push({ index, names: [...names], kind: 'image', mediaType, platforms: [platform], sizeBytes, ...ids });
  }
  return listed;
}

function createContent(files: ArchiveFiles, spool: LayerSpool, images: readonly DockerImage[]) {
  const flights = createSingleFlight<Prepared>();
  const layerFlights = createSingleFlight<LayerBlob>();
  // zlib works in the thread pool, so layers are compressed side by side.
  const lanes = pLimit(availableParallelism());
  const prepared = new Map<number, Prepared>();
  const layers = new Map<string, LayerBlob>();

  const layerOf = async (path: string, diffId: Digest | undefined, signal: AbortSignal): Promise<LayerBlob> => {
    const key = `${path} ${diffId ?? ''}`;
    const known = layers.get(key);
    if (known !== undefined) return known;
    const work = (workSignal: AbortSignal) =>
      lanes(() => prepareLayer({ files, spool, signal: workSignal }, path, diffId));
    const layer = await layerFlights.run(key, work, signal);
    layers.set(key, layer);
    return layer;
  };
  const make = async (image: DockerImage, signal: AbortSignal): Promise<Prepared> => {
    const { layerPaths, diffIds } = image;
    const blobs = await Promise.all(layerPaths.map((path, at) => layerOf(path, diffIds?.[at], signal)));
    const config = image.configFor(blobs.map(({ diffId }) => diffId));
    const configDigest = digestOf(config);
    return { config, configDigest, manifest: makeManifest({ digest: configDigest, sizeBytes: config.length }, blobs) };
  };
  const prepare = async (index: number, { signal }: Call): Promise<Prepared> => {
    const image = images[index];
    if (image === undefined) throw new ArchiveError('missing-image', files.name, `image ${index}`);
    const known = prepared.get(index);
    if (known !== undefined) return known;
    const made = await flights.run(String(index), (workSignal) => make(image, workSignal), signal);
    prepared.set(index, made);
    return made;
  };
  /** What is known already is looked at first; then the rest is made, one image after the other. */
  const find = async <T>(call: Call, pick: (image: Prepared) => T | undefined): Promise<T | undefined> => {
    for (const image of prepared.values()) {
      const found = pick(image);
      if (found !== undefined) return found;
    }
    for (const index of images.keys()) {
      const found = prepared.has(index) ? undefined : pick(await prepare(index, call));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const openBlob = async (digest: Digest, call: Call & { readonly startByte: number }) => {
    const { startByte, signal } = call;
    const layer = () => [...layers.values()].find((blob) => blob.digest === digest);
    const config = ({ configDigest, config: bytes }: Prepared) => (configDigest === digest ? bytes : undefined);
    const found = layer() ?? (await find(call, (image) => layer() ?? config(image)));
    if (found === undefined) throw new ArchiveError('missing-blob', files.name, digest);
    if (found instanceof Uint8Array) return bytesStream(found, startByte);
    if (found.place.kind === 'archive') return files.openFile(found.place.path, { startByte, signal });
    return openSpooled(files.name, found.place.layer, { startByte, signal });
  };
  return { prepare, find, openBlob };
}

async function openSpooled(
  archive: string,
  { path, sizeBytes }: SpooledLayer,
  { startByte, signal }: Call & { readonly startByte: number },
) {
  const handle = await openRegular(path);
  if (handle === undefined) throw new ArchiveError('changed', archive, 'a layer that was compressed is gone');
  const stream = readRange(handle, { start: startByte, end: sizeBytes }, archive, signal);
  stream.once('close', () => void handle.close());
  return stream;
}
