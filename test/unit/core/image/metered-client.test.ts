import { describe, expect, it } from 'vitest';
import { withDigestCache } from '#main/core/image/digest-cache.ts';
import { createMeter, type MeterReading } from '#main/core/image/metered-client.ts';
import type { RegistryClient } from '#main/core/registry/registry-client.ts';
import { parseDescriptor } from '#shared/oci/parse-descriptor.ts';
import { createMemoryRegistry } from '#test/support/memory-registry.ts';
import { buildImage } from '#test/support/oci-builder.ts';

const repository = 'team/app';
const image = buildImage();
const descriptor = parseDescriptor(image.config.descriptor, 'blob');
const size = descriptor.sizeBytes;

/** A registry whose blobs come in two halves, the second when it is let. */
function slowRegistry() {
  const registry = createMemoryRegistry();
  registry.putImage(image, 'v1');
  const gate = Promise.withResolvers<void>();
  const client: RegistryClient = {
    ...registry.client,
    getBlob: async (call) => {
      call.onProgress?.(size / 2);
      await gate.promise;
      call.onProgress?.(size);
      return registry.client.getBlob(call);
    },
  };
  return { client, go: gate.resolve };
}

describe('a metered client', () => {
  it('tells what has come of manifests and blobs, and what is known to come', async () => {
    const told: MeterReading[] = [];
    const { client, go } = slowRegistry();
    const metered = createMeter((reading) => told.push(reading))(client);
    const manifest = await metered.getManifest({ repository, reference: 'v1' });
    const base = manifest.bytes.length;
    expect(told).toEqual([{ readBytes: base, totalBytes: base }]);
    const blob = metered.getBlob({ repository, descriptor });
    expect(told.at(-1)).toEqual({ readBytes: base + size / 2, totalBytes: base + size });
    go();
    await blob;
    expect(told.at(-1)).toEqual({ readBytes: base + size, totalBytes: base + size });
  });

  it('hears of a blob that somebody else has asked for first, and counts what was known already', async () => {
    const told: MeterReading[] = [];
    const { client, go } = slowRegistry();
    const shared = withDigestCache(client);
    const metered = createMeter((reading) => told.push(reading))(shared);
    const first = shared.getBlob({ repository, descriptor });
    const second = metered.getBlob({ repository, descriptor });
    go();
    await Promise.all([first, second]);
    expect(told.at(-1)).toEqual({ readBytes: size, totalBytes: size });
    expect(told.length).toBeGreaterThan(2);
    await metered.getBlob({ repository, descriptor });
    expect(told.at(-1)).toEqual({ readBytes: 2 * size, totalBytes: 2 * size });
  });
});
