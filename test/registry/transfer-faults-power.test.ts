import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArchiveDestination } from '#main/core/sources/create-archive-destination.ts';
import { openForTest, readWhole } from '#test/support/archives.ts';
import { isBlobRead, isManifestPut, isUploadData } from '#test/support/chaos-faults.ts';
import { fillDisk, smallDisk } from '#test/support/small-disk.ts';
import { startTestRegistry } from '#test/support/local-registry.ts';
import { build, buildImage, buildIndex, buildLayer, type BuiltImage } from '#test/support/oci-builder.ts';
import { pushBlob, pushImage, pushManifest } from '#test/support/push-image.ts';
import { type RecordedPair, startRecordedPair } from '#test/support/recorded-pair.ts';
import { contentOf } from '#test/support/registry-content.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';
import { copyTorn, logBytes, type Torn, tornLogs } from '#test/support/torn-journal.ts';
import { runTransferChild } from '#test/support/transfer-child.ts';
import { image, into, startTransferRig } from '#test/support/transfers.ts';

const disk = smallDisk(4);
const MIB = 1024 * 1024;

describe.skipIf(!hasTools('docker-registry'))('a transfer on a disk that fails', { timeout: 120_000 }, () => {
  let pair: RecordedPair;
  beforeAll(async () => {
    pair = await startRecordedPair();
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  const registries = () => ({ a: { host: pair.from.host }, b: { host: pair.to.host } });

  it('whose power went goes on from whatever was synced, or was never begun, and says nothing that is not so (FI17, I-TAG, I-RES)', async () => {
    const name = 'power/app';
    const images = ['amd64', 'arm64'].map((architecture): BuiltImage =>
      buildImage({ layers: [buildLayer('base'), buildLayer(`own of ${architecture}`)], config: { architecture } }),
    );
    const index = buildIndex(images);
    const old = buildImage({ layers: [buildLayer('old')] });
    for (const each of images) await pushImage(pair.a.host, name, each, []);
    await pushManifest(pair.a.host, name, index, ['1']);
    await pushImage(pair.b.host, name, old, ['1']);
    // The power goes while the last blob is on its way: three of its blobs are at the destination.
    const last = images[1]!.layers[1]!;
    const dataDir = temporaryFolder();
    let announcedAt = 0;
    const undo = pair.from.add({
      match: (request) => {
        const isFirst = announcedAt === 0 && isBlobRead(request);
        if (isFirst) announcedAt = logBytes(dataDir);
        return isBlobRead(request, last.descriptor.digest);
      },
      fault: { kind: 'stall', afterBytes: 1 },
    });
    const sent = () => pair.to.requests.filter((each) => isUploadData(each) && each.path.includes(name));
    const copy = { dataDir, registries: registries(), copy: `${name}:1` };
    let killIt = () => undefined as unknown;
    const running = runTransferChild(copy, (kill) => (killIt = kill));
    await expect.poll(() => sent().filter(({ status }) => status === 201).length).toBe(4);
    // What is written soon has come to the log, too.
    await expect.poll(() => logBytes(dataDir)).toBeGreaterThan(announcedAt);
    killIt();
    expect(await running).toBeUndefined();
    undo();
    expect(announcedAt).toBeGreaterThan(0);

    const found: { readonly torn: Torn; readonly states: string; readonly tag: string }[] = [];
    for (const torn of tornLogs(dataDir)) found.push({ torn, ...(await goOnAfter(torn)) });
    expect(found.length).toBeGreaterThan(20);
    const outcomes = new Set(found.map(({ states, tag }) => `${states}: ${tag}`));
    expect(outcomes).toEqual(new Set(['nothing: old', 'done: new']));
    // What was announced was on the disk: it is there however much of what followed is lost.
    const announced = found.filter(({ torn }) => torn.bytes >= announcedAt);
    expect(announced.length).toBeGreaterThan(1);
    expect(new Set(announced.map(({ states }) => states))).toEqual(new Set(['done']));

    /** With a destination of its own, which has what had come there when the power went. */
    async function goOnAfter(torn: Torn) {
      const destination = await startTestRegistry();
      for (const blob of [images[0]!.config, images[1]!.config, ...images[0]!.layers]) {
        await pushBlob(destination.address, name, blob);
      }
      await pushImage(destination.address, name, old, ['1']);
      const ownDir = temporaryFolder();
      copyTorn(dataDir, ownDir, torn);
      await using rig = await startTransferRig(
        { a: { host: pair.a.host }, b: { host: destination.address } },
        { dataDir: ownDir },
      );
      expect(rig.transfers.movedAside).toBeUndefined();
      const ends = [];
      for (const { jobId } of rig.transfers.list())
        ends.push(await rig.until(jobId, 'done', 'failed', 'conflict', 'paused'));
      const { root } = await contentOf(rig.client('b'), name, '1');
      await destination.stop();
      const tag = root === old.descriptor.digest ? 'old' : root === index.descriptor.digest ? 'new' : 'neither';
      return { states: ends.map(({ state }) => state).join() || 'nothing', tag };
    }
  });

  it('whose journal is damaged begins anew when asked, and sends what is missing (FI31, I-RES)', async () => {
    const name = 'damaged/journal';
    const layers = ['one', 'two'].map((each) =>
      build(Buffer.alloc(MIB, each), 'application/vnd.oci.image.layer.v1.tar+gzip'),
    );
    const built = buildImage({ layers });
    await pushImage(pair.a.host, name, built, ['1']);
    const [, second] = layers;
    const undo = pair.from.add({
      match: (request) => isBlobRead(request, second?.descriptor.digest),
      fault: { kind: 'stall', afterBytes: 1000 },
    });
    const uploads = () =>
      pair.to.requests.filter((each) => isUploadData(each) && each.path.includes(name) && each.status === 201);
    const dataDir = temporaryFolder();
    const before = await startTransferRig(registries(), { dataDir });
    const { planId } = await before.plan([image('a', `${name}:1`)], into('b'));
    before.transfers.start(planId, new Map());
    await expect.poll(() => uploads().length).toBe(2);
    await before.close();
    undo();
    const path = join(dataDir, 'transfers.db');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, 100, bytes.length));

    await using after = await startTransferRig(registries(), { dataDir });
    expect(after.transfers.movedAside).toContain('transfers.db.corrupt-');
    expect(statSync(after.transfers.movedAside!).size).toBe(bytes.length);
    expect(after.transfers.list()).toEqual([]);
    const planned = await after.plan([image('a', `${name}:1`)], into('b'));
    expect(planned.rows[0]).toMatchObject({ bytesToSend: MIB, state: { kind: 'ready' } });
    expect(await after.run(planned)).toMatchObject({ state: 'done' });
    expect(uploads()).toHaveLength(3);
    expect((await contentOf(after.client('b'), name, '1')).root).toBe(built.descriptor.digest);
  });

  it.each(['oci-layout', 'oci-tar'] as const)(
    'whose unfinished %s was damaged meanwhile reads that blob again, and the file is whole (FI31, I-FILE)',
    async (format) => {
      const name = `damaged/${format}`;
      const layer = build(Buffer.alloc(4 * MIB, name), 'application/vnd.oci.image.layer.v1.tar+gzip');
      const built = buildImage({ layers: [layer] });
      await pushImage(pair.a.host, name, built, ['1']);
      const isLayer = (request: Parameters<typeof isBlobRead>[0]) => isBlobRead(request, layer.descriptor.digest);
      const undo = pair.from.add({ match: isLayer, fault: { kind: 'stall', afterBytes: 3 * MIB } });
      const folder = temporaryFolder();
      const path = join(folder, 'images');
      await using rig = await startTransferRig(registries(), {
        files: {
          openSource: () => Promise.reject(new Error('no source in this test')),
          openDestination: async () => createArchiveDestination({ format, path, key: 'job' }),
        },
      });
      const target = { kind: 'file', ref: { kind: 'file', id: 'it' }, text: 'images' } as const;
      const { planId } = await rig.plan([image('a', `${name}:1`)], target);
      const { jobId } = rig.transfers.start(planId, new Map());
      await expect.poll(() => pair.from.requests.find((each) => isLayer(each))?.responseBytes).toBe(3 * MIB);
      rig.transfers.pause(jobId);
      await rig.until(jobId, 'paused');
      undo();
      expect(damage(folder, layer.bytes.subarray(0, 64))).toBe(true);
      rig.transfers.resume(jobId);
      expect(await rig.until(jobId, 'done', 'failed')).toMatchObject({ state: 'done', failedRowCount: 0 });
      const read = pair.from.requests.filter((each) => isLayer(each));
      expect(read.at(-1)).toMatchObject({ status: 200, responseBytes: 4 * MIB });
      const whole = await readWhole(await openForTest(path), built.descriptor.digest);
      expect([...whole.values()].some((bytes) => bytes.equals(layer.bytes))).toBe(true);
    },
  );

  it.skipIf(!disk.isMounted)(
    'whose disk is full is refused, or waits, and goes on when there is room (FI18, I-RES)',
    async () => {
      const name = 'full/journal';
      const layer = build(Buffer.alloc(MIB, name), 'application/vnd.oci.image.layer.v1.tar+gzip');
      const built = buildImage({ layers: [layer] });
      await pushImage(pair.a.host, name, built, ['1']);
      const dataDir = disk.path;
      await using rig = await startTransferRig(registries(), { dataDir });
      const filler = join(dataDir, 'filler');
      const planned = await rig.plan([image('a', `${name}:1`)], into('b'));
      fillDisk(filler);
      expect(() => rig.transfers.start(planned.planId, new Map())).toThrow('full');
      expect(rig.transfers.list()).toEqual([]);
      rmSync(filler);

      const isFull = Promise.withResolvers<undefined>();
      pair.from.add({
        match: (request) => isBlobRead(request, layer.descriptor.digest),
        fault: { kind: 'wait', until: isFull.promise },
        times: 1,
      });
      // It must not be over before the journal has noticed.
      const never = { kind: 'wait', until: new Promise(() => undefined) } as const;
      pair.to.add({ match: (request) => isManifestPut(request), fault: never, times: 1 });
      const { jobId } = rig.transfers.start(planned.planId, new Map());
      await expect.poll(() => rig.transfers.get(jobId).sentBytes).toBeGreaterThan(0);
      fillDisk(filler);
      // Something that is to be written soon is not: here the blob that came while it was full.
      isFull.resolve(undefined);
      const paused = await rig.until(jobId, 'paused', 'done', 'failed');
      expect(paused).toMatchObject({ state: 'paused' });
      expect(JSON.parse(paused.error ?? '{}')).toMatchObject({ kind: 'disk' });
      rmSync(filler);
      rig.transfers.resume(jobId);
      expect(await rig.until(jobId, 'done', 'failed', 'paused')).toMatchObject({ state: 'done' });
      expect((await contentOf(rig.client('b'), name, '1')).root).toBe(built.descriptor.digest);
    },
  );
});

/** Changes bytes in the file of a folder that holds these; false when none does. */
function damage(folder: string, needle: Uint8Array): boolean {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const at = bytes.indexOf(needle);
    if (at < 0) continue;
    bytes.fill(0xa5, at, at + needle.length);
    writeFileSync(path, bytes);
    return true;
  }
  return false;
}
