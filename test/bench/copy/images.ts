import { createHash, randomBytes } from 'node:crypto';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { sendRaw } from '#test/support/raw-http.ts';

const MIB = 1024 * 1024;
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';

export type PushedBlob = { readonly digest: string; readonly sizeBytes: number };
export type PushedImage = { readonly blobs: readonly PushedBlob[]; readonly manifest: Buffer };

export type ImageOptions = {
  readonly tag: string;
  readonly layerCount: number;
  readonly layerMib: number;
  /** Blobs that are there already and come first in its layers. */
  readonly base?: readonly PushedBlob[];
  /** The header of that name, where the registry asks for one. */
  readonly authorization?: string;
};

/** Pushes an image of random layers over plain http: what no compression, cache or sparse file makes smaller. */
export async function pushRandomImage(host: string, repository: string, options: ImageOptions): Promise<PushedImage> {
  const auth = options.authorization === undefined ? {} : { Authorization: options.authorization };
  const push = (bytes: Buffer) => pushBlob({ host, repository, auth }, bytes);
  const layers: PushedBlob[] = [...(options.base ?? [])];
  for (let count = 0; count < options.layerCount; count += 1) {
    layers.push(await push(randomBytes(options.layerMib * MIB)));
  }
  const config = await push(Buffer.from(JSON.stringify(configFor(layers, options.tag))));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest: config.digest, size: config.sizeBytes },
      layers: layers.map(({ digest, sizeBytes }) => ({ mediaType: LAYER_TYPE, digest, size: sizeBytes })),
    }),
  );
  const path = `/v2/${repository}/manifests/${options.tag}`;
  const headers = { 'Content-Type': MEDIA_TYPE.ociManifest, ...auth };
  expectCreated(await sendRaw(host, { method: 'PUT', path, headers, body: manifest }));
  return { blobs: [config, ...layers], manifest };
}

function configFor(layers: readonly PushedBlob[], tag: string) {
  return {
    os: 'linux',
    architecture: 'amd64',
    config: { Labels: { tag } },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  };
}

type Place = {
  readonly host: string;
  readonly repository: string;
  readonly auth: Readonly<Record<string, string>>;
};

async function pushBlob({ host, repository, auth }: Place, bytes: Buffer): Promise<PushedBlob> {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const opened = await sendRaw(host, { method: 'POST', path: `/v2/${repository}/blobs/uploads/`, headers: auth });
  const location = new URL(opened.headers.location ?? '', `http://${host}`);
  location.searchParams.set('digest', digest);
  const path = `${location.pathname}${location.search}`;
  const headers = { 'Content-Type': 'application/octet-stream', ...auth };
  expectCreated(await sendRaw(host, { method: 'PUT', path, headers, body: bytes }));
  return { digest, sizeBytes: bytes.length };
}

function expectCreated({ status, body }: { readonly status: number; readonly body: Buffer }): void {
  if (status !== 201) throw new Error(`not created: ${status} ${body.toString()}`);
}
