import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { digestOf } from '#main/core/content-digest.ts';
import { type LocalRegistry, startLocalRegistry } from '#main/core/local-registry/start-local-registry.ts';
import { makeTemporaryFolder, silentLogger } from '#test/support/local-registry.ts';
import { sendRaw } from '#test/support/raw-http.ts';

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
const running: LocalRegistry[] = [];
beforeEach(async () => {
  folder = await makeTemporaryFolder();
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(running.splice(0).map((registry) => registry.close()));
  await folder.remove();
});
async function start(dir = folder.path): Promise<LocalRegistry> {
  const registry = await startLocalRegistry({ dir, logger: silentLogger, clock: { now: Date.now } });
  running.push(registry);
  return registry;
}

describe('startLocalRegistry', () => {
  test('comes back on the port it had', async () => {
    const first = await start();
    await first.close();
    expect((await start()).address).toBe(first.address);
  });

  test('takes another port when its own is taken, and remembers that', async () => {
    const first = await start();
    await first.close();
    const squatter = createServer().listen(Number(first.address.split(':')[1]), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start();
    expect(second.address).not.toBe(first.address);
    expect((await sendRaw(second.address, { path: '/v2/' })).status).toBe(200);
    squatter.close();
    await second.close();
    expect((await start()).address).toBe(second.address);
  });

  test.each(['', 'garbage', '0', '22', '70000', '-1', '9'.repeat(40)])(
    'a port file that holds "%s" is ignored',
    async (text) => {
      await writeFile(join(folder.path, 'port'), text);
      const { address } = await start();
      expect((await sendRaw(address, { path: '/v2/' })).status).toBe(200);
      expect(address).toBe(`127.0.0.1:${(await readFile(join(folder.path, 'port'), 'utf8')).trim()}`);
    },
  );

  // Elsewhere a machine has no second loopback address to be refused on.
  test.skipIf(process.platform !== 'linux')('listens on 127.0.0.1 alone', async () => {
    const { address } = await start();
    const port = address.split(':')[1];
    await expect(sendRaw(`127.0.0.2:${port}`, { path: '/v2/' })).rejects.toThrow('ECONNREFUSED');
  });

  test('a folder that cannot be made is a disk error', async () => {
    await writeFile(join(folder.path, 'file'), '');
    await expect(start(join(folder.path, 'file', 'registry'))).rejects.toMatchObject({ kind: 'disk' });
  });

  test('close ends while a client holds a connection open, and twice is once', async () => {
    const registry = await start();
    const [host, port] = registry.address.split(':');
    const idle = connect(Number(port), host);
    await once(idle, 'connect');
    idle.on('error', () => undefined);
    await Promise.all([registry.close(), registry.close()]);
    await expect(sendRaw(registry.address, { path: '/v2/' })).rejects.toThrow('ECONNREFUSED');
    idle.destroy();
  });

  test('reports a change once for many writes, and none after close', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const changes: string[] = [];
    const onChange = (repository: string) => changes.push(repository);
    const options = { dir: folder.path, port: 0, logger: silentLogger, clock: { now: Date.now }, onChange };
    const registry = await startLocalRegistry(options);
    const bytes = Buffer.from('{}');
    const write = (tags: readonly string[]) =>
      registry.store.putManifest('app', { bytes, digest: digestOf(bytes), mediaType: 'a/b' }, tags);
    await Promise.all([write(['a']), write(['b']), write(['c'])]);
    expect(changes).toEqual([]);
    vi.advanceTimersByTime(50);
    expect(changes).toEqual(['app']);
    await write(['late']);
    await registry.close();
    await write(['later']);
    vi.advanceTimersByTime(1000);
    expect(changes).toEqual(['app']);
  });

  test('gives up an upload that nobody has written to for a day, while it runs', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let nowMs = Date.now();
    const clock = { now: () => nowMs };
    const registry = await startLocalRegistry({ dir: folder.path, port: 0, logger: silentLogger, clock });
    running.push(registry);
    const { id } = await registry.store.startUpload('app');
    const status = async () => (await sendRaw(registry.address, { path: `/v2/app/blobs/uploads/${id}` })).status;
    expect(await status()).toBe(204);
    nowMs += 25 * 60 * 60 * 1000;
    vi.advanceTimersByTime(60 * 60 * 1000);
    await expect.poll(status).toBe(404);
  });
});
