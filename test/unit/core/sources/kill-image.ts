import type { BuiltContent } from '#main/core/local-registry/image-builder/content.ts';
import { buildImage } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';

/** Twelve layers of 200 kB, stored as they are. */
export function killImage(): BuiltContent {
  return buildImage({
    platform: { os: 'linux', architecture: 'amd64' },
    created: '2026-01-01T00:00:00Z',
    steps: Array.from({ length: 12 }, (_, at) => ({
      createdBy: `step ${at}`,
      layer: buildLayer([{ path: 'file', type: 'file' as const, content: Buffer.alloc(200_000, `layer ${at}`) }], {
        compression: 'none',
      }),
    })),
  });
}
