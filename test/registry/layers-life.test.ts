import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Socket } from 'node:net';
import type { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import { startBlobRegistry } from '#test/support/blob-registry.ts';
import { bigTar } from '#test/support/layer-content.ts';
import { openLayerStore } from '#test/support/layer-store.ts';

const BLOB = gzipSync(bigTar(60, 100_000).tar);

/** Answers with half of a blob, and never goes on. `halfSent` resolves when that is out, `closed` when nobody listens. */
function stall(bytes: Buffer) {
  const halfSent = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const reply = {
    raw: (socket: Socket) => {
      socket.once('close', () => closed.resolve());
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`);
      socket.write(bytes.subarray(0, bytes.length >> 1), () => halfSent.resolve());
    },
  };
  return { reply, halfSent: halfSent.promise, closed: closed.promise };
}

/** The next thread that is started here. */
const nextWorker = () => new Promise<Worker>((resolve) => void process.once('worker', resolve));

/** What a promise fails with, listened for from now on. */
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'did not fail',
    (error: unknown) => error,
  );

const ended = (worker: Worker) => new Promise<void>((resolve) => void worker.once('exit', () => resolve()));

describe('opening a layer', () => {
  test('ends at once when it is aborted: connection, thread and files go', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { reply, halfSent, closed } = stall(BLOB);
    registry.answerWith(() => reply);
    const controller = new AbortController();
    const started = nextWorker();
    const { client, repository } = registry;
    const opening = store.open({ client, repository, descriptor: registry.add(BLOB), signal: controller.signal });
    const failure = failureOf(opening);
    await halfSent;
    const gone = ended(await started);
    controller.abort(new Error('enough'));
    expect(await failure).toMatchObject({ message: 'enough' });
    await Promise.all([closed, gone]);
    await expect.poll(() => readdirSync(store.folder)).toEqual([]);
  });

  test('goes on for one who waits when another has had enough', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const controller = new AbortController();
    const { client, repository } = registry;
    const descriptor = registry.add(BLOB);
    const first = store.open({ client, repository, descriptor, signal: controller.signal });
    const second = store.open({ client, repository, descriptor });
    controller.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    expect((await second).entryCount).toBe(60);
    expect(registry.blobRequests).toHaveLength(1);
  });

  test('fails with a typed error when its thread is killed, and can be tried again', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { reply, halfSent, closed } = stall(BLOB);
    registry.answerWith(() => reply);
    const started = nextWorker();
    const { client, repository } = registry;
    const call = { client, repository, descriptor: registry.add(BLOB) };
    const failure = failureOf(store.open(call));
    await halfSent;
    await (await started).terminate();
    expect(await failure).toMatchObject({ kind: 'layer', reason: 'worker-died' });
    await closed;
    await expect.poll(() => readdirSync(store.folder)).toEqual([]);
    registry.answerWith(undefined);
    expect((await store.open(call)).entryCount).toBe(60);
  });

  test('ends with the store', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { reply, halfSent, closed } = stall(BLOB);
    registry.answerWith(() => reply);
    const { client, repository } = registry;
    const failure = failureOf(store.open({ client, repository, descriptor: registry.add(BLOB) }));
    await halfSent;
    await store.close();
    expect(String(await failure)).toMatch(/abort|cancelled/i);
    await closed;
  });

  test('tells of its progress up to the last byte', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const told: number[] = [];
    const { client, repository } = registry;
    const descriptor = registry.add(BLOB);
    const onProgress = ({
      readBytes,
      totalBytes,
      entryCount,
    }: {
      readBytes: number;
      totalBytes: number;
      entryCount: number;
    }) => {
      expect(totalBytes).toBe(BLOB.length);
      if (readBytes === totalBytes) told.push(entryCount);
    };
    await store.open({ client, repository, descriptor, onProgress });
    expect(told).toContain(60);
  });

  test('works without a disk: nothing is kept, and the log says so', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository } = registry;
    const blob = gzipSync(writeTar([{ path: 'a', type: 'file' }]));
    await store.stats();
    rmSync(store.folder, { recursive: true });
    writeFileSync(store.folder, 'a file in its place');
    const layer = await store.open({ client, repository, descriptor: registry.add(blob) });
    expect(layer.entryCount).toBe(1);
    expect(store.logged()).toContain('layers.not-kept');
  });
});

describe('what is kept of layers', () => {
  const blobs = Array.from({ length: 4 }, (_, index) =>
    gzipSync(writeTar([{ path: `f${index}`, type: 'file', content: bigTar(1, 100_000 + index).tar }])),
  );

  test('stays below its limit, the blobs not used for the longest time going first', async () => {
    await using registry = await startBlobRegistry();
    const size = blobs[0]!.length;
    await using store = openLayerStore({ limitBytes: size * 3 + 20_000 });
    const { client, repository } = registry;
    for (const blob of blobs) await store.open({ client, repository, descriptor: registry.add(blob) });
    const { totalBytes, blobBytes } = await store.stats();
    expect(totalBytes).toBeLessThanOrEqual(size * 3 + 20_000);
    expect(blobBytes).toBeGreaterThan(size);
    const kept = readdirSync(store.folder);
    expect(kept.filter((name) => name.endsWith('.index'))).toHaveLength(4);
    const first = registry.add(blobs[0]!).digest.replace(':', '-');
    expect(kept).not.toContain(`${first}.blob`);
  });

  test('goes when the limit is set to nothing, and when it is cleared', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository } = registry;
    const call = { client, repository, descriptor: registry.add(blobs[0]!) };
    await store.open(call);
    await store.setLimit(0);
    expect(readdirSync(store.folder)).toEqual([]);
    await store.setLimit(1 << 30);
    await using again = openLayerStore({ folder: store.folder });
    await again.open(call);
    expect(readdirSync(store.folder)).toHaveLength(2);
    await again.clear();
    expect(readdirSync(store.folder)).toEqual([]);
  });

  test('is not begun for a blob larger than half of the limit', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore({ limitBytes: blobs[0]!.length });
    const { client, repository } = registry;
    await store.open({ client, repository, descriptor: registry.add(blobs[0]!) });
    expect((await store.stats()).blobBytes).toBe(0);
  });

  describe('of a registry that is forgotten', () => {
    const digestsIn = (folder: string) =>
      [...new Set(readdirSync(folder).map((name) => name.slice(0, name.indexOf('.'))))].toSorted();

    test('goes, but for what another one gave as well, and with what nobody is noted for', async () => {
      await using registry = await startBlobRegistry();
      await using store = openLayerStore();
      const { client, repository } = registry;
      const [own, shared, unknown, other] = blobs.map((blob) => registry.add(blob));
      await store.open({ client, repository, descriptor: own!, registryId: 'a' });
      await store.open({ client, repository, descriptor: unknown! });
      await store.open({ client, repository, descriptor: other!, registryId: 'b' });
      await store.open({ client, repository, descriptor: shared!, registryId: 'b' });
      rmSync(join(store.folder, `${shared!.digest.replace(':', '-')}.index`));
      await using second = openLayerStore({ folder: store.folder });
      await second.open({ client, repository, descriptor: shared!, registryId: 'a' });
      await second.forget((id) => id === 'a');
      const left = [shared!, other!].map(({ digest }) => digest.replace(':', '-')).toSorted();
      expect(digestsIn(store.folder)).toEqual(left);
      expect(readdirSync(store.folder).filter((name) => name.endsWith('.from-a'))).toEqual([]);
      registry.blobRequests.length = 0;
      await second.open({ client, repository, descriptor: own!, registryId: 'a' });
      expect(registry.blobRequests).toHaveLength(1);
      await second.forget(() => true);
      expect(readdirSync(store.folder)).toEqual([]);
    });

    test('is not kept when it was being read just then', async () => {
      await using registry = await startBlobRegistry();
      await using store = openLayerStore();
      const { client, repository } = registry;
      const forgotten = Promise.withResolvers<void>();
      const call = { client, repository, descriptor: registry.add(BLOB), registryId: 'a' };
      const waiting: typeof client.openBlob = async (asked) => {
        const opened = await client.openBlob(asked);
        await store.forget((id) => id === 'a');
        forgotten.resolve();
        return opened;
      };
      const layer = await store.open({ ...call, client: { ...client, openBlob: waiting } });
      await forgotten.promise;
      expect(layer.entryCount).toBe(60);
      await store.settled();
      expect(readdirSync(store.folder)).toEqual([]);
    });

    test('leaves no note behind when the limit makes it go', async () => {
      await using registry = await startBlobRegistry();
      await using store = openLayerStore();
      const { client, repository } = registry;
      await store.open({ client, repository, descriptor: registry.add(blobs[0]!), registryId: 'a' });
      expect(readdirSync(store.folder).filter((name) => name.endsWith('.from-a'))).toHaveLength(1);
      await store.setLimit(0);
      expect(readdirSync(store.folder)).toEqual([]);
    });
  });
});
