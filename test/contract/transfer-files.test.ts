import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArchiveFormat } from '#shared/api/archives.ts';
import type { PlanRow } from '#shared/api/transfers.ts';
import { startTestBackend, TEST_OPTIONS, type TestBackend } from '#test/support/backend.ts';
import { hasSkopeo, skopeo, skopeoRawManifest } from '#test/support/skopeo.ts';
import { type ApiClient, connectInMemory } from '#test/support/transports.ts';

const SAMPLE = {
  kind: 'image',
  registryId: 'local',
  repository: 'samples/hello-multiarch',
  reference: 'latest',
} as const;
const OPTIONS = { referrers: false } as const;

describe.skipIf(!hasSkopeo)('transfers between registries and files', () => {
  let backend: TestBackend;
  let client: ApiClient;
  let folder: string;
  const chosen: { path?: string } = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-transfer-files-'));
    const dialogs = {
      chooseArchive: () => Promise.resolve(undefined),
      chooseDestination: () => Promise.resolve(chosen.path),
      reveal: () => Promise.resolve(true),
    };
    const capabilities = { ...TEST_OPTIONS.capabilities, localPaths: true };
    backend = await startTestBackend({ capabilities, dialogs });
    ({ client } = await connectInMemory(backend.router));
  });
  afterAll(async () => {
    await backend.close();
    await rm(folder, { recursive: true, force: true });
  });

  const host = async () => (await client.registries.list())[0]!.host;
  const digestOf = async (repository: string, reference: string) =>
    (await client.manifests.raw({ registryId: 'local', repository, reference })).digest;
  const plan = async (input: Parameters<ApiClient['transfers']['plan']>[0]) => {
    const rows: PlanRow[] = [];
    for await (const event of await client.transfers.plan(input)) {
      if (event.kind === 'rows') rows.push(...event.rows);
      if (event.kind === 'done') return { rows, planId: event.planId };
    }
    throw new Error('the plan did not end');
  };
  const finish = async (planId: string) => {
    const { transferId } = await client.transfers.start({ planId });
    for await (const { transfer } of await client.transfers.watchOne({ transferId })) {
      if (['done', 'failed', 'conflict'].includes(transfer.state)) return transfer;
    }
    throw new Error(`${transferId} is gone`);
  };
  const pullTo = async (format: ArchiveFormat, name: string) => {
    chosen.path = join(folder, name);
    const { chosen: place } = await client.transfers.chooseDestination({ format, suggestedName: name });
    const destination = { kind: 'path', format, pathId: place!.pathId } as const;
    const planned = await plan({ items: [SAMPLE], destination, options: OPTIONS });
    expect(planned.rows).toMatchObject([{ state: { kind: 'ready' } }]);
    expect(await finish(planned.planId)).toMatchObject({ kind: 'pull', state: 'done', failedRowCount: 0 });
    return join(folder, name);
  };

  it.each([
    ['oci-tar', 'oci-archive', 'hello.tar'],
    ['oci-layout', 'oci', 'hello'],
  ] as const)(
    'saves an image as %s that skopeo reads, and pushes it back the same',
    async (format, transport, name) => {
      const path = await pullTo(format, name);
      const raw = await skopeo('inspect', '--raw', `${transport}:${path}`);
      expect(raw).toBe(await skopeoRawManifest(`${await host()}/samples/hello-multiarch:latest`));

      const archive = await client.archives.openPath({ path });
      const repository = `pushed/${format}`;
      const item = { kind: 'archive-image', archiveId: archive.archiveId, index: archive.images[0]!.index } as const;
      const destination = { kind: 'registry', registryId: 'local', repository, tag: 'back' } as const;
      const planned = await plan({ items: [item], destination, options: OPTIONS });
      expect(planned.rows).toMatchObject([{ state: { kind: 'ready' }, kind: 'index' }]);
      await client.archives.close({ archiveId: archive.archiveId });
      expect(await finish(planned.planId)).toMatchObject({ kind: 'push', state: 'done' });
      expect(await digestOf(repository, 'back')).toBe(await digestOf('samples/hello-multiarch', 'latest'));
    },
  );

  it('saves one platform as a docker tar, and pushes that', async () => {
    chosen.path = join(folder, 'docker.tar');
    const { chosen: place } = await client.transfers.chooseDestination({
      format: 'docker-tar',
      suggestedName: 'x.tar',
    });
    const destination = { kind: 'path', format: 'docker-tar', pathId: place!.pathId } as const;
    const options = { ...OPTIONS, platforms: ['linux/amd64'] };
    const planned = await plan({ items: [SAMPLE], destination, options });
    expect(await finish(planned.planId)).toMatchObject({ state: 'done' });
    expect(JSON.parse(await skopeo('inspect', `docker-archive:${chosen.path}`))).toMatchObject({
      Architecture: 'amd64',
    });

    const archive = await client.archives.openPath({ path: chosen.path });
    const item = { kind: 'archive-image', archiveId: archive.archiveId, index: 0 } as const;
    const target = { kind: 'registry', registryId: 'local', repository: 'pushed/docker', tag: 'back' } as const;
    const push = await plan({ items: [item], destination: target, options: OPTIONS });
    expect(await finish(push.planId)).toMatchObject({ kind: 'push', state: 'done' });
    const inspected = await skopeo('inspect', '--tls-verify=false', `docker://${await host()}/pushed/docker:back`);
    expect(JSON.parse(inspected)).toMatchObject({ Architecture: 'amd64', Os: 'linux' });
  });

  it('keeps a pull for the page until it is fetched, by a link of its own each time', async () => {
    const destination = { kind: 'download', format: 'oci-tar', fileName: 'hello.tar' } as const;
    const planned = await plan({ items: [SAMPLE], destination, options: OPTIONS });
    const transfer = await finish(planned.planId);
    expect(transfer).toMatchObject({ state: 'done', download: { fileName: 'hello.tar' } });
    const [first, second] = [
      await client.transfers.downloadLink({ transferId: transfer.transferId }),
      await client.transfers.downloadLink({ transferId: transfer.transferId }),
    ];
    expect(first.path).toMatch(/^\/download\/[\w-]{43}$/);
    expect(first.path).not.toBe(second.path);
    expect(await readdir(join(backend.dataDir, 'downloads'))).toEqual([transfer.transferId]);
  });
});
