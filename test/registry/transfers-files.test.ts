import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PlanRow, Transfer, TransferDestination, TransferItem, TransferOptions } from '#shared/api/transfers.ts';
import { appErrorOf } from '#test/support/app-error-of.ts';
import type { TestBackend } from '#test/support/backend.ts';
import { startFileBackend } from '#test/support/file-backend.ts';
import { hasSkopeo, skopeo } from '#test/support/skopeo.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import type { ApiClient } from '#test/support/transports.ts';

const MULTI = {
  kind: 'image',
  registryId: 'local',
  repository: 'samples/hello-multiarch',
  reference: 'latest',
} as const;
const SINGLE = {
  kind: 'image',
  registryId: 'local',
  repository: 'samples/missing-history',
  reference: 'latest',
} as const;

describe('transfers from and into files', () => {
  let backend: TestBackend;
  let client: ApiClient;
  let folder: string;
  let chosen: string | undefined;
  const revealed: string[] = [];

  beforeAll(async () => {
    backend = await startFileBackend({ chosen: () => chosen, onReveal: (path) => revealed.push(path) });
    client = createRouterClient(backend.router);
  });
  afterAll(() => backend.close());
  beforeEach(() => {
    folder = temporaryFolder();
  });

  type Given = {
    readonly items: TransferItem[];
    readonly destination: TransferDestination;
    readonly options?: Partial<TransferOptions>;
  };

  async function plan({ items, destination, options = {} }: Given) {
    const rows: PlanRow[] = [];
    for await (const event of await client.transfers.plan({ items, destination, options })) {
      if (event.kind === 'rows') rows.push(...event.rows);
      if (event.kind === 'done') return { rows, planId: event.planId };
    }
    throw new Error('the plan did not end');
  }
  async function until(transferId: string, ...states: readonly Transfer['state'][]) {
    for await (const { transfer, rows } of await client.transfers.watchOne({ transferId })) {
      if (states.includes(transfer.state)) return { transfer, rows };
    }
    throw new Error('it is gone');
  }
  async function run(given: Given) {
    const { planId, rows } = await plan(given);
    const { transferId } = await client.transfers.start({ planId });
    return { planned: rows, ...(await until(transferId, 'done', 'failed', 'conflict', 'paused')) };
  }
  async function toPath(format: 'oci-tar' | 'docker-tar' | 'oci-layout', name: string): Promise<TransferDestination> {
    chosen = join(folder, name);
    const answer = await client.transfers.chooseDestination({ format, suggestedName: name });
    expect(answer.chosen?.name).toBe(name);
    return { kind: 'path', format, pathId: answer.chosen?.pathId ?? '' };
  }
  const digestOf = async (repository: string, reference: string) =>
    (await client.images.get({ registryId: 'local', repository, reference })).digest;

  it.each([
    ['oci-tar', 'images.tar', 'oci-archive:'],
    ['oci-layout', 'layout', 'oci:'],
  ] as const)(
    'saves an image with all its platforms as %s, and pushes it from there unchanged',
    async (format, name, how) => {
      const { transfer, planned } = await run({ items: [MULTI], destination: await toPath(format, name) });
      expect(transfer).toMatchObject({ kind: 'pull', state: 'done', destination: expect.stringContaining(name) });
      expect(planned).toMatchObject([{ kind: 'index', state: { kind: 'ready' } }]);
      expect(readdirSync(folder)).toEqual([name]);
      const archive = await client.archives.openPath({ path: join(folder, name) });
      expect(archive).toMatchObject({
        format,
        images: [{ kind: 'index', digest: await digestOf(MULTI.repository, 'latest') }],
      });
      const pushed = await run({
        items: [{ kind: 'archive-image', archiveId: archive.archiveId, index: 0 }],
        destination: { kind: 'registry', registryId: 'local', repository: `pushed/${format}`, tag: '{tag}' },
      });
      expect(pushed.transfer).toMatchObject({ kind: 'push', state: 'done' });
      expect(await digestOf(`pushed/${format}`, 'latest')).toBe(await digestOf(MULTI.repository, 'latest'));
      expect(how).toMatch(/^oci/);
    },
  );

  it.skipIf(!hasSkopeo)('saves what docker loads, which skopeo reads', async () => {
    const { transfer } = await run({ items: [SINGLE], destination: await toPath('docker-tar', 'docker.tar') });
    expect(transfer.state).toBe('done');
    const config = await skopeo('inspect', '--config', `docker-archive:${join(folder, 'docker.tar')}`);
    expect(JSON.parse(config)).toMatchObject({ architecture: 'amd64', os: 'linux' });
  });

  it('says in the plan what a docker tar cannot hold, and holds each of several platforms that were chosen', async () => {
    const whole = await plan({ items: [MULTI], destination: await toPath('docker-tar', 'none.tar') });
    expect(whole.rows[0]?.state).toMatchObject({
      kind: 'failed',
      error: { kind: 'archive', reason: 'choose-platform' },
    });
    const options = { platforms: ['linux/amd64', 'linux/arm64'] };
    const { transfer } = await run({ items: [MULTI], destination: await toPath('docker-tar', 'two.tar'), options });
    expect(transfer.state).toBe('done');
    const { archiveId } = await client.archives.openPath({ path: join(folder, 'two.tar') });
    expect(await client.archives.close({ archiveId })).toEqual({ closed: true });
  });

  it('saves several images in one file, and goes on with it after a pause', async () => {
    const items = [MULTI, SINGLE, { ...MULTI, repository: 'samples/zstd' }];
    const { planId } = await plan({ items, destination: await toPath('oci-tar', 'paused.tar') });
    const { transferId } = await client.transfers.start({ planId });
    await client.transfers.pause({ transferId });
    const { transfer } = await until(transferId, 'paused', 'done');
    expect(existsSync(join(folder, 'paused.tar'))).toBe(transfer.state === 'done');
    await client.transfers.resume({ transferId });
    expect((await until(transferId, 'done', 'failed')).transfer).toMatchObject({ state: 'done', doneRowCount: 3 });
    const { images } = await client.archives.openPath({ path: join(folder, 'paused.tar') });
    expect(images.map(({ names }) => names.length)).toEqual([1, 1, 1]);
  });

  it('leaves nothing where a cancelled one was to be, and begins anew from nothing', async () => {
    const { planId } = await plan({ items: [MULTI], destination: await toPath('oci-tar', 'cancelled.tar') });
    const { transferId } = await client.transfers.start({ planId });
    await client.transfers.pause({ transferId });
    const { transfer } = await until(transferId, 'paused', 'done');
    await client.transfers.cancel({ transferId });
    expect(readdirSync(folder)).toEqual(transfer.state === 'done' ? ['cancelled.tar'] : []);
    await client.transfers.retry({ transferId });
    await until(transferId, 'done', 'failed');
    const { images } = await client.archives.openPath({ path: join(folder, 'cancelled.tar') });
    expect(images).toHaveLength(1);
  });

  it('shows what was saved, and offers for download only what is kept for that', async () => {
    const { transfer } = await run({ items: [SINGLE], destination: await toPath('oci-tar', 'shown.tar') });
    const { transferId } = transfer;
    expect(transfer.download).toBeUndefined();
    expect(await client.transfers.reveal({ transferId })).toEqual({ revealed: true });
    expect(revealed.at(-1)).toBe(join(folder, 'shown.tar'));
    expect(await appErrorOf(client.transfers.downloadLink({ transferId }))).toMatchObject({ kind: 'not-found' });
  });

  it('keeps a download until it was fetched, and deletes it with its transfer', async () => {
    const destination = { kind: 'download', format: 'oci-tar', fileName: 'hello.tar' } as const;
    const { transfer } = await run({ items: [SINGLE], destination });
    expect(transfer.download).toEqual({ fileName: 'hello.tar', sizeBytes: expect.any(Number) });
    const { path } = await client.transfers.downloadLink({ transferId: transfer.transferId });
    const taken = await backend.files.takeDownload(path.slice('/download/'.length), new AbortController().signal);
    let bytes = 0;
    for await (const chunk of taken!.stream) bytes += (chunk as Buffer).length;
    expect([taken?.fileName, bytes]).toEqual(['hello.tar', transfer.download?.sizeBytes]);
    const kept = () => readdirSync(join(backend.dataDir, 'downloads'));
    expect(kept()).toEqual([transfer.transferId]);
    await client.transfers.remove({ transferIds: [transfer.transferId] });
    await expect.poll(kept).toEqual([]);
  });

  it('needs an archive only while it is planned and run: closing it meanwhile takes nothing away', async () => {
    await run({ items: [SINGLE], destination: await toPath('oci-tar', 'source.tar') });
    const { archiveId } = await client.archives.openPath({ path: join(folder, 'source.tar') });
    const items = [{ kind: 'archive-image', archiveId, index: 0 }] as const;
    const destination = { kind: 'registry', registryId: 'local', repository: 'pushed/closed', tag: 'v1' } as const;
    const { planId } = await plan({ items: [...items], destination });
    await client.archives.close({ archiveId });
    const { transferId } = await client.transfers.start({ planId });
    expect((await until(transferId, 'done', 'failed')).transfer.state).toBe('done');
    const again = client.transfers.plan({ items: [...items], destination, options: {} });
    const first = async () => (await again).next();
    expect(await appErrorOf(first())).toMatchObject({ kind: 'not-found', what: 'archive' });
  });

  it('refuses a layout as a download, and a place that nobody chose', async () => {
    const refused = async (destination: TransferDestination) => appErrorOf(plan({ items: [SINGLE], destination }));
    const layout = { kind: 'download', format: 'oci-layout', fileName: 'x' } as const;
    expect(await refused(layout)).toMatchObject({ kind: 'invalid-input' });
    const elsewhere = { kind: 'path', format: 'oci-tar', pathId: '/etc/passwd' } as const;
    expect(await refused(elsewhere)).toMatchObject({ kind: 'not-found' });
  });
});
