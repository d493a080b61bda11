import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBackend } from '#main/api/create-backend.ts';
import { createMemoryStore } from '#main/core/credentials/memory-store.ts';
import { SAMPLES } from '#main/core/local-registry/samples/sample-list.ts';
import { createSystemClock } from '#main/core/system/system-clock.ts';
import { appErrorOf } from '#test/support/app-error-of.ts';
import { startTestBackend, TEST_OPTIONS, type TestBackend, type TestBackendOptions } from '#test/support/backend.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';
import { type ApiClient, connectInMemory } from '#test/support/transports.ts';

describe('createBackend', () => {
  let dataDir: string;
  const open: TestBackend[] = [];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'gantry-life-'));
  });

  afterEach(async () => {
    for (const backend of open.splice(0)) await backend.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(options: TestBackendOptions = {}): Promise<{ backend: TestBackend; client: ApiClient }> {
    const backend = await startTestBackend({ dataDir, samples: false, ...options });
    open.push(backend);
    return { backend, client: (await connectInMemory(backend.router)).client };
  }

  it('finds registries, pins and settings again after a restart', async () => {
    const credentials = createMemoryStore('test');
    const first = await start({ credentials });
    const auth = { kind: 'password', username: 'alice', secret: 'x' } as const;
    const { id } = await first.client.registries.add({ host: 'a.example', label: 'Work', auth });
    await first.client.repositories.pin({ registryId: id, repository: 'team/app' });
    await first.client.settings.set({ theme: 'dark', tagOrder: 'semver' });
    await first.backend.close();

    const { client } = await start({ credentials });
    expect(await client.registries.list()).toMatchObject([{ id: 'local' }, { id, label: 'Work', secret: 'memory' }]);
    expect(await client.repositories.pins()).toEqual([{ registryId: id, repository: 'team/app' }]);
    expect(await client.settings.get()).toMatchObject({ theme: 'dark', tagOrder: 'semver' });
  });

  it('says missing when a secret was kept in memory and that is gone', async () => {
    const first = await start();
    const auth = { kind: 'bearer', secret: 'x' } as const;
    const { id } = await first.client.registries.add({ host: 'a.example', auth });
    await first.backend.close();
    const { client } = await start();
    expect((await client.registries.list())[1]).toMatchObject({ id, auth: { kind: 'bearer' }, secret: 'missing' });
  });

  it('does not bring samples back that a person deleted', async () => {
    const first = await start({ samples: true });
    const [repository = ''] = (await first.client.repositories.list({ registryId: 'local' })).repositories;
    await deleteRepository(first.client, repository);
    await first.backend.close();
    const { client } = await start();
    const { repositories } = await client.repositories.list({ registryId: 'local' });
    expect(repositories).not.toContain(repository);
    expect(repositories.length).toBeGreaterThan(0);
  });

  it('brings samples to a new data folder while it is used already, goes on where a close stopped it', async () => {
    const ports = {
      credentials: createMemoryStore('test'),
      logger: recordingLogger(),
      clock: createSystemClock(),
      paths: { dataDir, homeDir: dataDir },
    };
    const first = await createBackend(ports, TEST_OPTIONS);
    await first.close();
    const second = await createBackend(ports, TEST_OPTIONS);
    const { client } = await connectInMemory(second.router);
    await second.seeded;
    const { repositories } = await client.repositories.list({ registryId: 'local' });
    expect(repositories).toHaveLength(SAMPLES.length);
    await second.close();
    expect(ports.logger.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  it('works without the Local registry, and says why it does not run', async () => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'local-registry'), 'a file where the folder should be');
    const { client, backend } = await start();
    const info = await client.host.info();
    const reason = expect.stringContaining('local registry');
    expect(info.localRegistry).toEqual({ state: 'failed', reason });
    expect(info.notices).toEqual([{ kind: 'local-registry-failed', detail: reason }]);
    expect(backend.logger.lines).toContainEqual(expect.objectContaining({ event: 'local-registry.failed' }));
    expect((await client.registries.list())[0]).toMatchObject({ id: 'local', label: 'Local' });
    expect(await appErrorOf(client.repositories.list({ registryId: 'local' }))).toMatchObject({
      kind: 'network',
      host: 'Local',
      detail: expect.stringContaining('local registry'),
    });
    await client.registries.add({ host: 'a.example', auth: { kind: 'anonymous' } });
    expect(await client.registries.list()).toHaveLength(2);
  });

  it('starts with a new database when the old one is damaged, keeps the old one and says where', async () => {
    writeFileSync(join(dataDir, 'gantry.db'), 'no database at all '.repeat(100));
    const { client } = await start();
    expect(await client.registries.list()).toHaveLength(1);
    const aside = readdirSync(dataDir).filter((name) => name.startsWith('gantry.db.corrupt-'));
    expect(aside).toHaveLength(1);
    expect((await client.host.info()).notices).toEqual([{ kind: 'database-reset', detail: join(dataDir, aside[0]!) }]);
  });

  it('has nothing to tell after a start without trouble', async () => {
    const { client } = await start();
    expect((await client.host.info()).notices).toEqual([]);
  });

  it('refuses a data folder that is not there with a disk error', async () => {
    const missing = join(dataDir, 'missing');
    await expect(start({ dataDir: missing })).rejects.toMatchObject({ kind: 'disk' });
  });

  it('ends every open stream when it closes, and may be closed twice', async () => {
    const { backend, client } = await start();
    const stream = await client.changes.watch();
    await stream.next();
    const pending = stream.next();
    await Promise.all([backend.close(), backend.close()]);
    expect((await pending).done).toBe(true);
    expect(backend.watcherCount()).toBe(0);
  });
});

/** Through the registry's own protocol, as a person with another client would. */
async function deleteRepository(client: ApiClient, repository: string): Promise<void> {
  const [{ host } = { host: '' }] = await client.registries.list();
  const { tags } = await client.tags.list({ registryId: 'local', repository });
  for await (const answer of await client.tags.resolve({ registryId: 'local', repository, tags })) {
    if (!('digest' in answer)) throw new Error('a sample tag has no digest');
    const reply = await fetch(`http://${host}/v2/${repository}/manifests/${answer.digest}`, { method: 'DELETE' });
    if (reply.status !== 202 && reply.status !== 404) throw new Error(`DELETE answered ${reply.status}`);
  }
}
