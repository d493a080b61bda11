import { describe, expect, it } from 'vitest';
import { rememberingClient } from '#main/api/remembering-client.ts';
import type { RegistryClient } from '#main/core/registry/registry-client.ts';
import type { Cache } from '#main/core/storage/cache/open-cache.ts';
import { memoryShelf } from '#test/support/memory-shelf.ts';
import { buildImage } from '#test/support/oci-builder.ts';
import { createTestClock } from '#test/support/test-clock.ts';

const image = buildImage();

/** What a client of a registry asks it for when two tags of one image are read that nobody has seen before. */
async function asksOf(host: string): Promise<readonly string[]> {
  const asked: string[] = [];
  const { digest, mediaType } = image.descriptor;
  const asking = {
    headManifest: async ({ reference }: { readonly reference: string }) => {
      asked.push(`HEAD ${reference}`);
      return { digest, mediaType };
    },
    getManifest: async ({ reference }: { readonly reference: string }) => {
      asked.push(`GET ${reference === digest ? 'digest' : reference}`);
      return { bytes: image.bytes, digest, mediaType, warnings: [] };
    },
  } as unknown as RegistryClient;
  const shelf = memoryShelf();
  const cache = { shelf: () => shelf } as unknown as Cache;
  const connection = { host, plainHttp: false, skipVerification: false };
  const client = rememberingClient('one', connection, { cache, clock: createTestClock(), create: () => asking });
  for (const reference of ['v1', 'v2']) await client.getManifest({ repository: 'library/a', reference });
  return asked;
}

describe('rememberingClient', () => {
  it.each(['docker.io', 'index.docker.io', 'registry-1.docker.io'])(
    'asks %s by HEAD first, which counts pulls',
    async (host) => {
      expect(await asksOf(host)).toEqual(['HEAD v1', 'GET digest', 'HEAD v2']);
    },
  );

  it('asks a registry that counts none without a HEAD before', async () => {
    expect(await asksOf('registry.example')).toEqual(['GET v1', 'GET v2']);
  });
});
