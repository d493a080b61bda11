import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isManifestPut } from '#test/support/chaos-faults.ts';
import { buildImage, buildLayer, type BuiltImage } from '#test/support/oci-builder.ts';
import { pushImage } from '#test/support/push-image.ts';
import { type RecordedPair, startRecordedPair } from '#test/support/recorded-pair.ts';
import { hasTools } from '#test/support/tools.ts';
import { image, into, repository, type TransferRig } from '#test/support/transfers.ts';

const imageOf = (layer: string): BuiltImage => buildImage({ layers: [buildLayer(layer)] });

describe.skipIf(!hasTools('docker-registry'))('a tag that holds something else', () => {
  let pair: RecordedPair;
  let rig: TransferRig;
  let count = 0;

  beforeAll(async () => {
    pair = await startRecordedPair();
    ({ rig } = pair);
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  /** A repository of its own for each test: `ours` at the source, `theirs` at the destination, both under `1`. */
  async function setUp(theirs: BuiltImage | 'nothing' = imageOf('theirs')) {
    count += 1;
    const name = `conflict/app${count}`;
    const ours = imageOf(`ours ${count}`);
    await pushImage(pair.a.host, name, ours, ['1']);
    if (theirs !== 'nothing') await pushImage(pair.b.host, name, theirs, ['1']);
    const put = (built: BuiltImage, tag = '1') => pushImage(pair.b.host, name, built, [tag]);
    const there = async (tag = '1') => (await rig.client('b').getManifest({ repository: name, reference: tag })).digest;
    return {
      name,
      ours: ours.descriptor.digest,
      theirs: theirs === 'nothing' ? undefined : theirs.descriptor.digest,
      put,
      there,
    };
  }

  const rowsOf = async (jobId: string) => {
    for await (const { rows } of rig.transfers.watchOne(jobId, AbortSignal.timeout(10_000))) return rows;
    throw new Error('no such transfer');
  };

  it('is shown in the plan with a free tag beside it, and wants a decision', async () => {
    const { name, theirs, put } = await setUp();
    await put(imageOf('taken'), '1-2');
    const planned = await rig.plan([image('a', `${name}:1`)], into('b'));
    expect(planned.rows[0]?.state).toEqual({ kind: 'conflict', existingDigest: theirs, renameTo: '1-3' });
    expect(() => rig.transfers.start(planned.planId, new Map())).toThrow('needs a decision');
    expect(await rig.run(planned, { '0': { kind: 'skip' } })).toMatchObject({ state: 'done', doneRowCount: 1 });
  });

  it('stays when the person skips it', async () => {
    const { name, theirs, there } = await setUp();
    const { jobId } = await rig.run(await rig.plan([image('a', `${name}:1`)], into('b')), { '0': { kind: 'skip' } });
    expect(await there()).toBe(theirs);
    expect(await rowsOf(jobId)).toMatchObject([{ state: 'skipped' }]);
  });

  it('goes when the person says so', async () => {
    const { name, ours, there } = await setUp();
    const planned = await rig.plan([image('a', `${name}:1`)], into('b'));
    expect(await rig.run(planned, { '0': { kind: 'overwrite' } })).toMatchObject({ state: 'done' });
    expect(await there()).toBe(ours);
  });

  it('is left alone by a rename, which the row then tells', async () => {
    const { name, ours, theirs, there } = await setUp();
    const planned = await rig.plan([image('a', `${name}:1`)], into('b'));
    const { jobId } = await rig.run(planned, { '0': { kind: 'rename', tag: 'mine' } });
    expect([await there(), await there('mine')]).toEqual([theirs, ours]);
    expect(await rowsOf(jobId)).toMatchObject([{ state: 'done', destination: `b.example/${name}:mine` }]);
  });

  it.each([
    ['skip', { kind: 'skipped', reason: 'conflict' }, 'theirs', '1', 'theirs'],
    ['overwrite', { kind: 'ready' }, 'ours', '1', 'ours'],
    ['rename', { kind: 'ready' }, 'theirs', '1-2', 'ours'],
  ] as const)('is met by the policy %s without a question', async (conflict, state, first, tag, second) => {
    const { there, ...known } = await setUp();
    const planned = await rig.plan([image('a', `${known.name}:1`)], into('b'), { conflict });
    expect(planned.rows[0]?.state).toEqual(state);
    expect(await rig.run(planned)).toMatchObject({ state: 'done' });
    expect(await there()).toBe(known[first]);
    expect(await there(tag)).toBe(known[second]);
  });

  it('is left out by "missing only", without a look at the source', async () => {
    const { name } = await setUp();
    const before = pair.from.requests.length;
    const planned = await rig.plan([image('a', `${name}:1`)], into('b'), { missingOnly: true });
    expect(planned.rows[0]?.state).toEqual({ kind: 'skipped', reason: 'missing-only' });
    expect(pair.from.requests.slice(before).map(({ path }) => path)).not.toContain(`/v2/${name}/manifests/1`);
  });

  it('C01 FI21 that came to hold it after the plan is asked about, and not written over', async () => {
    const { name, ours, put, there } = await setUp('nothing');
    const planned = await rig.plan([image('a', `${name}:1`)], into('b'));
    expect(planned.rows[0]?.state).toEqual({ kind: 'ready' });
    const theirs = imageOf('just now');
    await put(theirs);
    const view = await rig.run(planned);
    expect(view).toMatchObject({ state: 'conflict', conflictRowCount: 1 });
    expect(await there()).toBe(theirs.descriptor.digest);
    expect(await rowsOf(view.jobId)).toMatchObject([{ state: 'conflict', existingDigest: theirs.descriptor.digest }]);
    rig.transfers.decide(view.jobId, new Map([['0', { kind: 'overwrite' }]]));
    expect(await rig.until(view.jobId, 'done', 'conflict', 'failed')).toMatchObject({ state: 'done' });
    expect(await there()).toBe(ours);
  });

  it('C01 is asked about again when it moved on since the person decided', async () => {
    const { name, put, there } = await setUp();
    const planned = await rig.plan([image('a', `${name}:1`)], into('b'));
    const later = imageOf('later still');
    await put(later);
    const view = await rig.run(planned, { '0': { kind: 'overwrite' } });
    expect(view.state).toBe('conflict');
    expect(await there()).toBe(later.descriptor.digest);
    rig.transfers.decide(view.jobId, new Map([['0', { kind: 'skip' }]]));
    expect(await rig.until(view.jobId, 'done', 'conflict')).toMatchObject({ state: 'done', doneRowCount: 1 });
    expect(await there()).toBe(later.descriptor.digest);
  });

  it('FI21 goes without a question when the person said so of all, and the log says what it was', async () => {
    const { name, ours, put, there } = await setUp();
    const planned = await rig.plan([image('a', `${name}:1`)], into('b'), { conflict: 'overwrite' });
    const later = imageOf('and later');
    await put(later);
    const { jobId, state } = await rig.run(planned);
    expect(state).toBe('done');
    expect(await there()).toBe(ours);
    for await (const { log } of rig.transfers.watchOne(jobId, AbortSignal.timeout(5000))) {
      expect(log.map(({ text }) => text).join()).toContain(later.descriptor.digest);
      break;
    }
  });

  it('FI23 that somebody writes right after us is theirs, and we say so', async () => {
    const { name, ours } = await setUp('nothing');
    const planned = await rig.plan([image('a', `${name}:1`)], into('b'));
    const theirs = imageOf('right after');
    await pushImage(pair.b.host, name, theirs, ['other']);
    // The registry has our image under the tag, and tells of theirs: as if it had come between.
    const other = await rig.client('b').getManifest({ repository: name, reference: 'other' });
    pair.to.add({
      match: ({ method, path }) => method === 'GET' && path.endsWith(`/${name}/manifests/1`),
      fault: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': other.mediaType, 'docker-content-digest': other.digest },
        body: Buffer.from(other.bytes).toString(),
      },
      times: 1,
    });
    const view = await rig.run(planned);
    expect(view.state).toBe('conflict');
    expect(await rowsOf(view.jobId)).toMatchObject([{ state: 'conflict', existingDigest: other.digest }]);
    expect(pair.to.requests.filter((each) => isManifestPut(each, '1') && each.path.includes(name))).toHaveLength(1);
    expect(ours).not.toBe(other.digest);
  });

  it('of two rows that aim at it only the first writes it', async () => {
    const { name } = await setUp('nothing');
    await pushImage(pair.a.host, name, imageOf('second'), ['2']);
    const planned = await rig.plan([repository(rig, 'a', name)], into('b', '{repository}', 'stable'));
    expect(planned.rows.map(({ state }) => state.kind)).toEqual(['ready', 'failed']);
    expect(planned.rows[1]?.state).toMatchObject({
      error: { kind: 'transfer', reason: 'same-destination', detail: 'stable' },
    });
    expect(await rig.run(planned)).toMatchObject({ state: 'failed', doneRowCount: 1, failedRowCount: 1 });
  });

  it('is refused when two decisions name it', async () => {
    const { name, put } = await setUp();
    await pushImage(pair.a.host, name, imageOf('second of two'), ['2']);
    await put(imageOf('theirs too'), '2');
    const planned = await rig.plan([repository(rig, 'a', name)], into('b'));
    const rename = { kind: 'rename', tag: 'same' } as const;
    const decisions = new Map([`0:1`, `0:2`].map((rowId) => [rowId, rename]));
    expect(() => rig.transfers.start(planned.planId, decisions)).toThrow('two rows');
    const skip = { kind: 'skip' } as const;
    expect(await rig.run(planned, { '0:1': rename, '0:2': skip })).toMatchObject({ state: 'done' });
  });

  it('a row that fails does not stop the others', async () => {
    const { name } = await setUp('nothing');
    const items = [image('a', `${name}:missing`), image('a', `${name}:1`), image('a', 'conflict/nobody:1')];
    const planned = await rig.plan(items, into('b'));
    expect(planned.rows.map(({ state }) => state.kind)).toEqual(['failed', 'ready', 'failed']);
    expect(await rig.run(planned)).toMatchObject({ state: 'failed', doneRowCount: 1, failedRowCount: 2 });
  });

  it('C04 two jobs that write it at once end with one whole image, and one is told of the other', async () => {
    const { name, there } = await setUp('nothing');
    const other = imageOf('from elsewhere');
    await pushImage(pair.a.host, `${name}-other`, other, ['1']);
    const [one, two] = [
      await rig.plan([image('a', `${name}:1`)], into('b')),
      await rig.plan([image('a', `${name}-other:1`)], into('b', name)),
    ];
    const views = await Promise.all([rig.run(one), rig.run(two)]);
    expect(views.map(({ state }) => state).toSorted()).toEqual(['conflict', 'done']);
    const winner = views[0].state === 'done' ? one : two;
    expect(await there()).toBe(winner.rows[0]?.resultDigest);
  });
});
