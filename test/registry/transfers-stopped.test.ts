import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBlobRead, isManifestPut, isUploadData } from '#test/support/chaos-faults.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { password } from '#test/support/engine.ts';
import { build, buildImage, buildLayer, type BuiltImage } from '#test/support/oci-builder.ts';
import { pushImage } from '#test/support/push-image.ts';
import { type RecordedPair, startRecordedPair } from '#test/support/recorded-pair.ts';
import { contentOf } from '#test/support/registry-content.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';
import { image, into, repository, startTransferRig, type TransferRig } from '#test/support/transfers.ts';

const MIB = 1024 * 1024;

/** Bytes that do not repeat from name to name. */
const large = (name: string, bytes: number) =>
  build(Buffer.alloc(bytes, `${name} `), 'application/vnd.oci.image.layer.v1.tar+gzip');

describe.skipIf(!hasTools('docker-registry'))('a transfer that is stopped', () => {
  let pair: RecordedPair;
  let rig: TransferRig;

  beforeAll(async () => {
    pair = await startRecordedPair();
    ({ rig } = pair);
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  const push = (name: string, built: BuiltImage) => pushImage(pair.a.host, name, built, ['1']);
  const start = async (name: string) => {
    const { planId } = await rig.plan([image('a', `${name}:1`)], into('b'));
    return rig.transfers.start(planId, new Map()).jobId;
  };
  const hasTag = async (name: string) =>
    (await rig
      .client('b')
      .headManifest({ repository: name, reference: '1' })
      .catch(() => undefined)) !== undefined;
  /** Resolves when so many bytes of some blob have come to the destination. */
  const untilSent = async (jobId: string, bytes: number) => {
    for await (const { view } of rig.transfers.watchOne(jobId, AbortSignal.timeout(30_000))) {
      if (view.sentBytes >= bytes) return view;
    }
    throw new Error('never came so far');
  };

  it('pauses, holds nothing meanwhile, and goes on with what is missing', async () => {
    const name = 'paused/app';
    await push(name, buildImage({ layers: [large(name, 24 * MIB), buildLayer(`small of ${name}`)] }));
    const slow = pair.from.add({
      match: (each) => isBlobRead(each) && each.path.includes(name),
      fault: { kind: 'throttle', bytesPerSecond: 6 * MIB },
    });
    const jobId = await start(name);
    await untilSent(jobId, 10 * MIB);
    expect(rig.transfers.pause(jobId).state).toBe('pausing');
    const paused = await rig.until(jobId, 'paused');
    expect(paused.sentBytes).toBeLessThan(24 * MIB);
    expect(await hasTag(name)).toBe(false);
    const before = pair.to.requests.length;
    expect(rig.transfers.get(jobId).state).toBe('paused');
    expect(pair.to.requests.length).toBe(before);
    slow();
    rig.transfers.resume(jobId);
    expect(await rig.until(jobId, 'done', 'failed')).toMatchObject({ state: 'done' });
    expect(await contentOf(rig.client('b'), name, '1')).toEqual(await contentOf(rig.client('a'), name, '1'));
    const asked = pair.to.requests.filter(({ path }) => path.includes(`${name}/blobs/uploads/`));
    // How far the upload has come is asked; docker-registry keeps nothing of a body that broke off, so it comes again.
    expect(asked.some(({ method }) => method === 'GET')).toBe(true);
    const bodies = asked.filter((each) => isUploadData(each)).map(({ requestBytes }) => requestBytes);
    expect(bodies.filter((bytes) => bytes === 24 * MIB)).toHaveLength(1);
    expect(bodies.filter((bytes) => bytes < MIB)).toHaveLength(2);
  });

  it('FI24 is cancelled in the middle of a blob: nothing is held, no tag is there', async () => {
    const name = 'cancelled/app';
    await push(name, buildImage({ layers: [large(name, 16 * MIB)] }));
    const slow = pair.from.add({
      match: (each) => isBlobRead(each) && each.path.includes(name),
      fault: { kind: 'throttle', bytesPerSecond: 2 * MIB },
    });
    const jobId = await start(name);
    await untilSent(jobId, 2 * MIB);
    expect(await rig.transfers.cancel(jobId)).toMatchObject({ state: 'cancelled' });
    slow();
    expect(await hasTag(name)).toBe(false);
    const read = pair.from.requests.find((each) => isBlobRead(each) && each.path.includes(name));
    expect(read?.responseBytes).toBeLessThan(16 * MIB);
    for await (const { rows } of rig.transfers.watchOne(jobId, AbortSignal.timeout(5000))) {
      expect(rows).toMatchObject([{ state: 'cancelled' }]);
      break;
    }
    rig.transfers.retry(jobId);
    expect(await rig.until(jobId, 'done', 'failed')).toMatchObject({ state: 'done' });
  });

  it.each([
    ['it was written', 'done'],
    ['it never came', 'cancelled'],
  ] as const)(
    'C03 is cancelled while its tag is written: a fresh read says what it is, where %s',
    async (_why, state) => {
      const name = `tagging/${state}`;
      await push(name, buildImage({ layers: [buildLayer(name)] }));
      const { promise: writing, resolve } = Promise.withResolvers<void>();
      pair.to.add({
        match: (each) => {
          const isRead = each.method === 'GET' && each.path.endsWith(`/${name}/manifests/1`);
          const isIt = state === 'done' ? isRead : isManifestPut(each, '1') && each.path.includes(name);
          if (isIt) resolve();
          return isIt;
        },
        // Either the write, or the look at it afterwards, gets no answer before the cancel.
        fault: { kind: 'delay', ms: 60_000 },
        times: 1,
      });
      const jobId = await start(name);
      await writing;
      expect((await rig.transfers.cancel(jobId)).state).toBe('cancelled');
      for await (const { rows } of rig.transfers.watchOne(jobId, AbortSignal.timeout(5000))) {
        expect(rows).toMatchObject([{ state }]);
        break;
      }
      expect(await hasTag(name)).toBe(state === 'done');
    },
  );

  it('goes on in the next process when it ran, and waits when it was paused', async () => {
    const [running, waiting] = ['restart/running', 'restart/paused'];
    for (const name of [running, waiting]) await push(name, buildImage({ layers: [large(name, 4 * MIB)] }));
    const slow = pair.from.add({
      match: (each) => isBlobRead(each) && each.path.includes('restart/'),
      fault: { kind: 'throttle', bytesPerSecond: MIB },
    });
    const registries = { a: { host: pair.from.host }, b: { host: pair.to.host } };
    const dataDir = temporaryFolder();
    const first = await startTransferRig(registries, { dataDir });
    const startIn = async (own: TransferRig, name: string) => {
      const { planId } = await own.plan([image('a', `${name}:1`)], into('b'));
      return own.transfers.start(planId, new Map()).jobId;
    };
    const [runningId, pausedId] = [await startIn(first, running), await startIn(first, waiting)];
    first.transfers.pause(pausedId);
    await first.until(pausedId, 'paused');
    expect(first.transfers.get(runningId).state).toBe('running');
    await first.close();
    slow();
    const second = await startTransferRig(registries, { dataDir });
    expect(await second.until(runningId, 'done', 'failed')).toMatchObject({ state: 'done', doneRowCount: 1 });
    expect(second.transfers.get(pausedId)).toMatchObject({ state: 'paused' });
    expect([await hasTag(running), await hasTag(waiting)]).toEqual([true, false]);
    second.transfers.resume(pausedId);
    expect(await second.until(pausedId, 'done', 'failed')).toMatchObject({ state: 'done' });
    await second.close();
  });

  it('is in the order of its queue, three at a time, and can be moved', async () => {
    const names = ['q/one', 'q/two', 'q/three', 'q/four', 'q/five'];
    for (const name of names) await push(name, buildImage({ layers: [large(name, MIB)] }));
    const slow = pair.from.add({
      match: (each) => isBlobRead(each) && each.path.includes('/q/'),
      fault: { kind: 'throttle', bytesPerSecond: MIB },
    });
    const ids: string[] = [];
    for (const name of names) ids.push(await start(name));
    expect(ids.map((jobId) => rig.transfers.get(jobId).state)).toEqual([
      'running',
      'running',
      'running',
      'queued',
      'queued',
    ]);
    expect(rig.transfers.move(ids[4]!, 0)).toBe(true);
    const open = () =>
      rig.transfers
        .list()
        .filter(({ jobId }) => ids.includes(jobId))
        .map(({ jobId }) => jobId);
    expect(open()[0]).toBe(ids[4]);
    expect(rig.transfers.pauseAll()).toBe(5);
    for (const jobId of ids) await rig.until(jobId, 'paused', 'done');
    slow();
    rig.transfers.resumeAll();
    for (const jobId of ids) expect((await rig.until(jobId, 'done', 'failed')).state).toBe('done');
    expect(rig.transfers.remove(ids)).toBe(5);
    expect(open()).toEqual([]);
  });

  it('FI11 pauses when its sign-in is not taken any more, and goes on after the next', async () => {
    await using guarded = await startDockerRegistry({
      auth: { kind: 'htpasswd', username: 'alice', password: 'wonderland' },
    });
    const registries: Record<string, { host: string; credential: ReturnType<typeof password> }> = {};
    const [good, bad] = [password('alice', 'wonderland'), password('alice', 'changed')];
    const own = await startTransferRig({
      a: { host: pair.a.host },
      get b() {
        return registries['b']!;
      },
    });
    registries['b'] = { host: guarded.host, credential: good };
    for (const tag of ['1', '2', '3'])
      await pushImage(pair.a.host, 'auth/app', buildImage({ layers: [buildLayer(tag)] }), [tag]);
    const planned = await own.plan([repository(own, 'a', 'auth/app')], into('b'));
    registries['b'] = { host: guarded.host, credential: bad };
    own.signInAnew('b');
    const paused = await own.run(planned);
    expect(paused).toMatchObject({ state: 'paused', doneRowCount: 0, failedRowCount: 0 });
    expect(JSON.parse(paused.error ?? '{}')).toMatchObject({ kind: 'unauthorized', hadCredential: true });
    registries['b'] = { host: guarded.host, credential: good };
    own.signInAnew('b');
    own.transfers.resume(paused.jobId);
    expect(await own.until(paused.jobId, 'done', 'failed', 'paused')).toMatchObject({ state: 'done', doneRowCount: 3 });
    await own.close();
  });
});
