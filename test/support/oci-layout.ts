import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { parseDigest } from '#shared/oci/digest.ts';

export type WireDescriptor = {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
};

export type BuiltImage = {
  readonly index: WireDescriptor;
  readonly manifests: readonly WireDescriptor[];
  readonly configs: readonly WireDescriptor[];
  readonly layers: readonly WireDescriptor[];
  /** Every blob and manifest by digest, exactly as written. */
  readonly contents: ReadonlyMap<string, Buffer>;
};

export type ImagePlan = {
  readonly platforms: readonly { readonly os: string; readonly architecture: string; readonly variant?: string }[];
  /** Bytes of the one layer of each platform. */
  readonly layerBytes?: number;
};

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Writes an OCI image layout with one multi-arch index tagged `tag`. */
export function writeOciLayout(folder: string, tag: string, plan: ImagePlan): BuiltImage {
  const contents = new Map<string, Buffer>();
  const add = (mediaType: string, bytes: Buffer): WireDescriptor => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    contents.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const addJson = (mediaType: string, value: unknown) => add(mediaType, Buffer.from(JSON.stringify(value)));

  const configs: WireDescriptor[] = [];
  const layers: WireDescriptor[] = [];
  const manifests = plan.platforms.map((platform) => {
    const tar = Buffer.alloc(plan.layerBytes ?? 10_240, platform.architecture);
    const layer = add(LAYER, gzipSync(tar));
    const config = addJson(CONFIG, {
      created: '2026-01-02T03:04:05Z',
      ...platform,
      config: { Env: ['PATH=/bin'], Cmd: ['/hello'] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(tar).digest('hex')}`] },
      history: [{ created: '2026-01-02T03:04:05Z', created_by: 'COPY /hello' }],
    });
    layers.push(layer);
    configs.push(config);
    return { ...addJson(MANIFEST, { schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] }), platform };
  });
  const index = addJson(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests });

  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  for (const [digest, bytes] of contents) writeFileSync(join(folder, 'blobs', digest.replace(':', '/')), bytes);
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(
    join(folder, 'index.json'),
    JSON.stringify({
      schemaVersion: 2,
      manifests: [{ ...index, annotations: { 'org.opencontainers.image.ref.name': tag } }],
    }),
  );
  return { index, manifests, configs, layers, contents };
}

/** A wire descriptor as the engine's own. */
export function toDescriptor(wire: WireDescriptor): Descriptor {
  return {
    mediaType: wire.mediaType,
    digest: parseDigest(wire.digest),
    sizeBytes: wire.size,
    annotations: [],
    urls: [],
  };
}
