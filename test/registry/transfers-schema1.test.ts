import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TransferDestination, TransferItem } from '#shared/api/transfers.ts';
import type { TestBackend } from '#test/support/backend.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { localAddress, startFileBackend } from '#test/support/file-backend.ts';
import { build, type Built, buildLayer } from '#test/support/oci-builder.ts';
import { pushBlob, pushManifest } from '#test/support/push-image.ts';
import { sendRaw } from '#test/support/raw-http.ts';
import { sha256 } from '#test/support/sha256.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';
import type { ApiClient } from '#test/support/transports.ts';

const REPOSITORY = 'old/app';
const SIGNED = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
const SCHEMA1 = 'application/vnd.docker.distribution.manifest.v1+json';
const layers = [buildLayer('files'), buildLayer('empty')];
const [files, empty] = layers.map(({ descriptor }) => ({ blobSum: descriptor.digest }));
const manifest = build(
  {
    schemaVersion: 1,
    name: REPOSITORY,
    tag: '1',
    architecture: 'amd64',
    fsLayers: [empty, files, empty],
    history: [{ v1Compatibility: '{}' }, { v1Compatibility: '{}' }, { v1Compatibility: '{}' }],
  },
  SCHEMA1,
);

/** The same as docker signed it: registries name it by the digest of what is signed (SECURITY-CASES M13). */
function signedOf({ bytes }: Built): Built {
  const payload = JSON.stringify(JSON.parse(Buffer.from(bytes).toString()), undefined, 3);
  const tail = '\n}';
  const head = payload.slice(0, -tail.length);
  const facts = { formatLength: head.length, formatTail: Buffer.from(tail).toString('base64url') };
  const signature = { protected: Buffer.from(JSON.stringify(facts)).toString('base64url') };
  const signed = Buffer.from(`${head},\n   "signatures": ${JSON.stringify([signature])}${tail}`);
  return { bytes: signed, descriptor: { mediaType: SIGNED, digest: `sha256:${sha256(payload)}`, size: signed.length } };
}
const KINDS = { plain: manifest, signed: signedOf(manifest) } as const;

describe('an image of schema 1', () => {
  let backend: TestBackend;
  let client: ApiClient;
  let local: string;
  let chosen = '';
  beforeAll(async () => {
    backend = await startFileBackend({ samples: false, chosen: () => chosen });
    client = createRouterClient(backend.router);
    local = await localAddress(client);
    for (const layer of layers) await pushBlob(local, REPOSITORY, layer);
    await pushManifest(local, REPOSITORY, KINDS.plain, ['plain']);
    await pushManifest(local, REPOSITORY, KINDS.signed, ['signed']);
  });
  afterAll(() => backend.close());

  async function plan(items: TransferItem[], destination: TransferDestination) {
    const rows = [];
    for await (const event of await client.transfers.plan({ items, destination, options: {} })) {
      if (event.kind === 'rows') rows.push(...event.rows);
      if (event.kind === 'done') return { planId: event.planId, rows };
    }
    throw new Error('the plan did not end');
  }
  async function run(items: TransferItem[], destination: TransferDestination) {
    const { planId } = await plan(items, destination);
    const { transferId } = await client.transfers.start({ planId });
    for await (const { transfer, rows } of await client.transfers.watchOne({ transferId })) {
      if (transfer.state === 'done' || transfer.state === 'failed') return { state: transfer.state, rows };
    }
    throw new Error('it is gone');
  }
  async function toPath(format: 'oci-tar' | 'oci-layout' | 'docker-tar'): Promise<TransferDestination> {
    chosen = join(temporaryFolder(), 'images');
    const answer = await client.transfers.chooseDestination({ format, suggestedName: 'images' });
    return { kind: 'path', format, pathId: answer.chosen?.pathId ?? '' };
  }
  const items = (reference: keyof typeof KINDS = 'plain'): TransferItem[] => [
    { kind: 'image', registryId: 'local', repository: REPOSITORY, reference },
  ];
  const expectThere = async (repository: string, kind: keyof typeof KINDS) => {
    const { bytes, descriptor } = KINDS[kind];
    const headers = { Accept: descriptor.mediaType };
    const got = await sendRaw(local, { path: `/v2/${repository}/manifests/1`, headers });
    expect([got.headers['content-type'], got.body]).toEqual([descriptor.mediaType, Buffer.from(bytes)]);
    for (const layer of layers) {
      const blob = await sendRaw(local, { path: `/v2/${repository}/blobs/${layer.descriptor.digest}` });
      expect(blob.body).toEqual(Buffer.from(layer.bytes));
    }
  };

  it.each([
    ['plain', 'oci-tar'],
    ['plain', 'oci-layout'],
    ['signed', 'oci-tar'],
    ['signed', 'oci-layout'],
  ] as const)('(%s) goes from Local into an %s and back with its bytes', async (kind, format) => {
    expect(await run(items(kind), await toPath(format))).toMatchObject({ state: 'done' });
    const { archiveId, images } = await client.archives.openPath({ path: chosen });
    // An archive names everything by its bytes.
    expect(images).toMatchObject([{ digest: `sha256:${sha256(KINDS[kind].bytes)}` }]);
    const repository = `back/${kind}/${format}`;
    const back = await run([{ kind: 'archive-image', archiveId, index: 0 }], {
      kind: 'registry',
      registryId: 'local',
      repository,
      tag: '1',
    });
    expect(back).toMatchObject({ state: 'done' });
    await expectThere(repository, kind);
  });

  it.each(['plain', 'signed'] as const)('(%s) is copied within Local with its bytes', async (kind) => {
    const repository = `copied/${kind}`;
    const copied = await run(items(kind), { kind: 'registry', registryId: 'local', repository, tag: '1' });
    expect(copied).toMatchObject({ state: 'done' });
    await expectThere(repository, kind);
  });

  it('is refused by name in the plan of a docker tar, which cannot hold it', async () => {
    const { rows } = await plan(items(), await toPath('docker-tar'));
    expect(rows).toMatchObject([{ state: { kind: 'failed', error: { kind: 'archive' } } }]);
  });

  it.skipIf(!hasTools('docker-registry'))('is told to be refused for what it is by a registry of today', async () => {
    await using registry = await startDockerRegistry();
    const { id } = await client.registries.add({
      host: registry.host,
      plainHttp: true,
      auth: { kind: 'anonymous' },
    });
    const { state, rows } = await run(items(), {
      kind: 'registry',
      registryId: id,
      repository: REPOSITORY,
      tag: '1',
    });
    expect(state).toBe('failed');
    expect(rows).toMatchObject([
      {
        error: {
          kind: 'transfer',
          reason: 'schema1-refused',
          detail: expect.stringMatching(/MANIFEST_INVALID.*PUT .*\/v2\/old\/app\/manifests\//),
        },
      },
    ]);
  });
});
