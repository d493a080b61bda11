import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { startTestBackend } from '#test/support/backend.ts';
import { startFakeRegistry } from '#test/support/fake-registry.ts';
import { build, buildImage } from '#test/support/oci-builder.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { connectInMemory } from '#test/support/transports.ts';

const REPOSITORY = 'acme/private';
const layer = build(writeTar([{ path: 'secret.txt', type: 'file', content: 'ours' }]), MEDIA_TYPE.ociLayer);
const image = buildImage({ layers: [layer] });
const digest = image.descriptor.digest as Digest;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A registry for alice alone, and Gantry with its layer opened. */
async function opened() {
  const registry = await startFakeRegistry(({ path, headers }) => {
    if (headers['authorization'] === undefined) {
      return { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
    }
    if (path === '/v2/') return { body: '{}' };
    if (path.endsWith(digest))
      return { headers: { 'content-type': MEDIA_TYPE.ociManifest }, body: Buffer.from(image.bytes) };
    const blob = [layer, image.config].find((one) => path.endsWith(one.descriptor.digest));
    return blob === undefined ? undefined : { body: Buffer.from(blob.bytes) };
  });
  closing.push(() => registry[Symbol.asyncDispose]());
  const dataDir = temporaryFolder();
  const backend = await startTestBackend({ samples: false, dataDir });
  closing.push(backend.close);
  const { client } = await connectInMemory(backend.router);
  const auth = { kind: 'password', username: 'alice', secret: 'hers' } as const;
  const { id, host } = await client.registries.add({ host: registry.host, plainHttp: true, auth });
  for await (const _event of await client.files.open({ registryId: id, repository: REPOSITORY, digest })) void _event;
  const kept = () => (existsSync(join(dataDir, 'layers')) ? readdirSync(join(dataDir, 'layers')) : []);
  expect(kept().some((name) => name.endsWith('.blob'))).toBe(true);
  const noteless = (name: string, bytes: number) => {
    writeFileSync(join(dataDir, 'layers', name), Buffer.alloc(bytes));
  };
  return { client, id, host, kept, noteless };
}

describe('layers that were opened as somebody', () => {
  it('go when the person signs out', async () => {
    const { client, id, kept } = await opened();
    await client.accounts.signOut({ id });
    expect(kept()).toEqual([]);
  });

  it('go when the person signs out, with those that nobody is noted for, and are told before', async () => {
    const { client, id, kept, noteless } = await opened();
    noteless(`sha256-${'ab'.repeat(32)}.blob`, 1000);
    noteless(`sha256-${'ab'.repeat(32)}.index`, 24);
    const { bytes, unknownBytes } = await client.accounts.keptLayers({ id });
    expect(bytes).toBeGreaterThan(layer.bytes.length);
    expect(unknownBytes).toBe(1024);
    const other = await client.registries.add({ host: 'other.example', auth: { kind: 'anonymous' } });
    expect(await client.accounts.keptLayers({ id: other.id })).toEqual({ bytes: 0, unknownBytes: 1024 });
    await client.accounts.signOut({ id });
    expect(kept()).toEqual([]);
    expect(await client.accounts.keptLayers({ id })).toEqual({ bytes: 0, unknownBytes: 0 });
  });

  it('go with the registry', async () => {
    const { client, id, kept } = await opened();
    await client.registries.remove({ id });
    expect(kept()).toEqual([]);
  });

  it('go when somebody signs in anew, and stay when the change is refused', async () => {
    const { client, id, host, kept } = await opened();
    const as = (username: string) =>
      client.registries.update({ id, host, plainHttp: true, auth: { kind: 'password', username, secret: 'other' } });
    const before = kept();
    await expect(as('al:ice')).rejects.toThrow(/./);
    expect(kept()).toEqual(before);
    await as('bob');
    expect(kept()).toEqual([]);
  });
});
