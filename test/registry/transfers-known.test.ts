import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBlobRead, isUploadStart } from '#test/support/chaos-faults.ts';
import { buildImage, buildIndex, buildLayer, type BuiltImage } from '#test/support/oci-builder.ts';
import { pushBlob, pushImage, pushManifest } from '#test/support/push-image.ts';
import { type RecordedPair, startRecordedPair } from '#test/support/recorded-pair.ts';
import { hasTools } from '#test/support/tools.ts';
import { image, into, repository, type TransferRig } from '#test/support/transfers.ts';

const imageOf = (...layers: readonly string[]): BuiltImage =>
  buildImage({ layers: layers.map((each) => buildLayer(each)) });

describe.skipIf(!hasTools('docker-registry'))('a copy sends no more than is missing', () => {
  let pair: RecordedPair;
  let rig: TransferRig;

  beforeAll(async () => {
    pair = await startRecordedPair();
    ({ rig } = pair);
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  const push = (repository: string, built: BuiltImage, ...tags: readonly string[]) =>
    pushImage(pair.a.host, repository, built, tags);

  it('writes nothing when the tag holds the image already', async () => {
    await push('same/app', imageOf('same'), '1', '2');
    const first = await rig.plan([image('a', 'same/app:1')], into('b'));
    expect(await rig.run(first)).toMatchObject({ state: 'done' });
    pair.asked();
    const again = await rig.plan([image('a', 'same/app:1')], into('b'));
    expect(again.rows[0]?.state).toEqual({ kind: 'up-to-date' });
    expect(await rig.run(again)).toMatchObject({ state: 'done', doneRowCount: 1, sentBytes: 0 });
    expect(pair.asked('PUT', 'POST', 'PATCH', 'DELETE')).toEqual([]);
  });

  it('writes no manifest when the tag came to hold the image after the plan', async () => {
    const built = imageOf('meanwhile');
    await push('meanwhile/app', built, '1');
    const planned = await rig.plan([image('a', 'meanwhile/app:1')], into('b'));
    await pushImage(pair.b.host, 'meanwhile/app', built, ['1']);
    pair.asked();
    const { jobId } = await rig.run(planned);
    // Its blobs may be on their way by the time that the tag has been looked at.
    expect(pair.asked('PUT').filter((line) => line.includes('/manifests/'))).toEqual([]);
    for await (const { rows } of rig.transfers.watchOne(jobId, AbortSignal.timeout(5000))) {
      expect(rows).toMatchObject([{ state: 'up-to-date' }]);
      break;
    }
  });

  it('sends each blob that twenty tags share once, and reads it once', async () => {
    for (let tag = 0; tag < 20; tag += 1) await push('shared/app', imageOf('base', 'common', `own ${tag}`), `v${tag}`);
    const reads = () => pair.from.requests.filter((each) => isBlobRead(each)).map(({ path }) => path);
    const before = reads().length;
    const planned = await rig.plan([repository(rig, 'a', 'shared/app')], into('b'));
    expect(planned.totals).toMatchObject({ rowCount: 20, readyCount: 20 });
    expect(planned.totals.bytesTotal).toBe(planned.totals.bytesToSend);
    pair.asked();
    expect(await rig.run(planned)).toMatchObject({ state: 'done', doneRowCount: 20 });
    const fresh = reads().slice(before);
    expect(new Set(fresh).size).toBe(fresh.length);
    const asked = pair.asked();
    // 2 shared layers, 20 of their own, and the one config that all have.
    expect(asked.filter((line) => line.startsWith('POST'))).toHaveLength(23);
    expect(asked.filter((line) => line.includes('PUT') && line.includes('/manifests/'))).toHaveLength(20);
  });

  it('FI22 two jobs that need the same blobs at once send each once, and both succeed', async () => {
    const layers = Array.from({ length: 8 }, (_, index) => buildLayer(`twice ${index} ${'x'.repeat(50_000)}`));
    await push('twice/app', buildImage({ layers }), '1');
    const plans = [
      await rig.plan([image('a', 'twice/app:1')], into('b', '{repository}', 'one')),
      await rig.plan([image('a', 'twice/app:1')], into('b', '{repository}', 'two')),
    ];
    pair.asked();
    const views = await Promise.all(plans.map((planned) => rig.run(planned)));
    expect(views.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(pair.asked('POST')).toHaveLength(9);
  });

  it('mounts from another repository of the same registry, and reads nothing', async () => {
    await push('mount/app', imageOf('mounted', 'too'), '1');
    await rig.run(await rig.plan([image('a', 'mount/app:1')], into('b')));
    const planned = await rig.plan([image('b', 'mount/app:1')], into('b', 'mount/copy'));
    expect(planned.rows[0]).toMatchObject({ bytesToSend: 0, bytesPresent: 0 });
    expect(planned.rows[0]?.bytesMountable).toBe(planned.rows[0]?.bytesTotal);
    const before = pair.to.requests.length;
    const view = await rig.run(planned);
    expect(view).toMatchObject({ state: 'done', sentBytes: 0 });
    expect(view.doneBytes).toBe(view.totalBytes);
    const asked = pair.to.requests.slice(before);
    const starts = asked.filter(isUploadStart);
    expect(starts).toHaveLength(3);
    for (const { path, status } of starts) {
      expect(path).toContain('from=mount%2Fapp');
      expect(status).toBe(201);
    }
    expect(asked.filter((each) => isBlobRead(each))).toEqual([]);
  });

  it('mounts for a second repository what the same job has brought to a first', async () => {
    const built = imageOf('both');
    await push('spread/one', built, '1');
    await push('spread/two', built, '1');
    const planned = await rig.plan([image('a', 'spread/one:1'), image('a', 'spread/two:1')], into('b'));
    const bytes = planned.totals;
    expect(bytes.bytesToSend).toBe(bytes.bytesMountable);
    expect(bytes.bytesToSend * 2).toBe(bytes.bytesTotal);
    expect(await rig.run(planned)).toMatchObject({ state: 'done', doneRowCount: 2 });
  });

  it('passes over children that are there, and what they name', async () => {
    const [amd64, arm64] = [imageOf('amd64'), imageOf('arm64')];
    const index = buildIndex([amd64, arm64]);
    for (const each of [amd64, arm64]) await push('children/app', each);
    await pushManifest(pair.a.host, 'children/app', index, ['1']);
    await pushImage(pair.b.host, 'children/app', amd64, []);
    pair.asked();
    const planned = await rig.plan([image('a', 'children/app:1')], into('b'));
    const heads = pair.asked('HEAD').filter((line) => line.includes('/blobs/'));
    expect(heads.some((line) => line.includes(amd64.layers[0]!.descriptor.digest))).toBe(false);
    expect(await rig.run(planned)).toMatchObject({ state: 'done' });
    const puts = pair.asked('PUT').filter((line) => line.includes('/manifests/'));
    expect(puts).toEqual([
      `PUT /v2/children/app/manifests/${arm64.descriptor.digest}`,
      'PUT /v2/children/app/manifests/1',
    ]);
  });

  it('asks a registry that counts GETs by HEAD for many tags that are up to date', async () => {
    for (let tag = 0; tag < 8; tag += 1) await push('many/app', imageOf(`many ${tag}`), `t${tag}`);
    await rig.run(await rig.plan([repository(rig, 'a', 'many/app')], into('b')));
    const before = pair.from.requests.length;
    const again = await rig.plan([repository(rig, 'a', 'many/app')], into('b'), { referrers: false });
    expect(again.totals).toMatchObject({ upToDateCount: 8, rowCount: 8 });
    const gets = pair.from.requests
      .slice(before)
      .filter(({ method, path }) => method === 'GET' && path.includes('/manifests/'));
    expect(gets).toEqual([]);
  });

  it('looks at those tags alone that the destination lists, when a whole repository comes', async () => {
    const built = Array.from({ length: 4 }, (_, tag) => imageOf(`listed ${tag}`));
    for (const [tag, each] of built.entries()) await push('listed/app', each, `t${tag}`);
    const looks = () => pair.asked().filter((line) => /HEAD.*\/manifests\/t|\/tags\/list/.test(line));
    pair.asked();
    const first = await rig.plan([repository(rig, 'a', 'listed/app')], into('b'), { referrers: false });
    expect(first.totals).toMatchObject({ readyCount: 4 });
    expect(looks()).toEqual(['GET /v2/listed/app/tags/list']);
    await pushImage(pair.b.host, 'listed/app', built[0]!, ['t0', 't1']);
    const second = await rig.plan([repository(rig, 'a', 'listed/app')], into('b'), { referrers: false });
    // A registry may list them in any order.
    const states = second.rows.map(({ source, state }) => `${source.split(':').at(-1)} ${state.kind}`);
    expect(states.toSorted()).toEqual(['t0 up-to-date', 't1 conflict', 't2 ready', 't3 ready']);
    expect(looks().toSorted()).toEqual([
      'GET /v2/listed/app/tags/list',
      'HEAD /v2/listed/app/manifests/t0',
      'HEAD /v2/listed/app/manifests/t1',
    ]);
  });

  it('B09 FI15 sends a blob again that the destination said it had, when it refuses the manifest for it', async () => {
    const built = imageOf('said to be there');
    const [layer] = built.layers;
    await push('liar/app', built, '1');
    const lie = pair.to.add({
      match: ({ method, path }) => method === 'HEAD' && path.includes(layer!.descriptor.digest),
      fault: { kind: 'answer', status: 200, headers: { 'content-length': String(layer!.bytes.length) } },
    });
    const planned = await rig.plan([image('a', 'liar/app:1')], into('b'));
    expect(planned.rows[0]?.bytesPresent).toBe(layer!.bytes.length);
    expect(await rig.run(planned)).toMatchObject({ state: 'done' });
    lie();
    const head = await rig.client('b').headBlob({ repository: 'liar/app', digest: layer!.descriptor.digest as never });
    expect(head?.sizeBytes).toBe(layer!.bytes.length);
  });

  it('copies the empty layer, and one that an image has twice', async () => {
    const empty = buildLayer('');
    const twice = buildLayer('twice in one image');
    await push('odd/app', buildImage({ layers: [empty, twice, empty, twice] }), '1');
    await pushBlob(pair.a.host, 'odd/app', empty);
    const view = await rig.run(await rig.plan([image('a', 'odd/app:1')], into('b')));
    expect(view).toMatchObject({ state: 'done' });
    expect(view.doneBytes).toBe(view.totalBytes);
  });
});
