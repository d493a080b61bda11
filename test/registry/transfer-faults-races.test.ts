import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { isManifestPut, isUploadStart, type SeenRequest } from '#test/support/chaos-faults.ts';
import { buildImage, buildLayer } from '#test/support/oci-builder.ts';
import { pushImage } from '#test/support/push-image.ts';
import { sendRaw } from '#test/support/raw-http.ts';
import { type RecordedPair, startRecordedPair } from '#test/support/recorded-pair.ts';
import { contentOf } from '#test/support/registry-content.ts';
import { runTransferChild } from '#test/support/transfer-child.ts';
import { hasTools } from '#test/support/tools.ts';
import { image, into } from '#test/support/transfers.ts';

describe.skipIf(!hasTools('docker-registry'))('a tag that others write, too,', { timeout: 60_000 }, () => {
  let pair: RecordedPair;
  beforeAll(async () => {
    pair = await startRecordedPair();
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  /** Two images of one source repository, under `one` and `two`. */
  async function setUp(name: string) {
    const images = ['one', 'two'].map((tag) => buildImage({ layers: [buildLayer(`${tag} of ${name}`)] }));
    for (const [index, tag] of ['one', 'two'].entries()) await pushImage(pair.a.host, name, images[index]!, [tag]);
    return images;
  }

  const copyInProcess = (name: string, tag: string) =>
    runTransferChild({
      dataDir: temporaryFolder(),
      registries: { a: { host: pair.from.host }, b: { host: pair.to.host } },
      copy: `${name}:${tag}`,
      tag: 'shared',
      conflict: 'ask',
    });
  const isTagPut = (name: string) => (request: SeenRequest) =>
    isManifestPut(request, 'shared') && request.path.includes(name);
  const isRead = (name: string) => (request: SeenRequest) =>
    request.method === 'GET' && request.path.endsWith(`/${name}/manifests/shared`);
  const rootOf = async (name: string) => (await contentOf(pair.rig.client('b'), name, 'shared')).root;

  it('is one whole image after two processes wrote it at once, and the other is told (FI23, I-TAG, I-TRUE)', async () => {
    const name = 'race/at-once';
    const images = await setUp(name);
    const [both, written] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let puts = 0;
    const meet = pair.to.add({
      match: (request) => {
        // Neither writes before both have looked.
        if (isTagPut(name)(request) && (puts += 1) === 2) both.resolve(undefined);
        return isTagPut(name)(request);
      },
      fault: { kind: 'wait', until: both.promise },
    });
    const look = pair.to.add({ match: isRead(name), fault: { kind: 'wait', until: written.promise } });
    const children = ['one', 'two'].map((tag) => copyInProcess(name, tag));
    const statuses = () => pair.to.requests.filter(isTagPut(name)).map(({ status }) => status);
    await expect.poll(statuses).toEqual([201, 201]);
    written.resolve(undefined);
    const ends = (await Promise.all(children)).map((end) => end?.states.join() ?? 'killed');
    expect(ends.toSorted()).toEqual(['conflict', 'done']);
    meet();
    look();
    expect(await rootOf(name)).toBe(images[ends.indexOf('done')]?.descriptor.digest);
  });

  it('is not written over by a process that looked before another wrote it (FI23, I-TAG)', async () => {
    const name = 'race/late';
    const [, winner] = await setUp(name);
    const done = Promise.withResolvers<undefined>();
    pair.to.add({
      match: (request) => isUploadStart(request) && request.path.includes(name),
      fault: { kind: 'wait', until: done.promise },
      times: 2,
    });
    const late = copyInProcess(name, 'one');
    const uploads = () => pair.to.requests.filter((each) => isUploadStart(each) && each.path.includes(name));
    await expect.poll(() => uploads().length).toBe(2);
    expect((await copyInProcess(name, 'two'))?.states).toEqual(['done']);
    done.resolve(undefined);
    expect((await late)?.states).toEqual(['conflict']);
    expect(pair.to.requests.filter(isTagPut(name))).toHaveLength(1);
    expect(await rootOf(name)).toBe(winner?.descriptor.digest);
  });

  const deleteManifest = async (name: string, digest: string) => {
    const { status } = await sendRaw(pair.b.host, { method: 'DELETE', path: `/v2/${name}/manifests/${digest}` });
    expect(status).toBe(202);
  };
  const rowOf = async (jobId: string) => {
    for await (const { rows } of pair.rig.transfers.watchOne(jobId, AbortSignal.timeout(5000))) return rows[0];
    return undefined;
  };

  it('is not called done when somebody deleted it right after it was written (FI29, I-TRUE)', async () => {
    const name = 'race/deleted';
    const [built] = await setUp(name);
    const deleted = Promise.withResolvers<undefined>();
    pair.to.add({ match: isRead(name), fault: { kind: 'wait', until: deleted.promise }, times: 1 });
    const planned = await pair.rig.plan([image('a', `${name}:one`)], into('b', '{repository}', 'shared'));
    const { jobId } = pair.rig.transfers.start(planned.planId, new Map());
    await expect.poll(() => pair.to.requests.filter(isRead(name)).length).toBe(1);
    await deleteManifest(name, built!.descriptor.digest);
    deleted.resolve(undefined);
    expect(await pair.rig.until(jobId, 'done', 'failed', 'conflict')).toMatchObject({
      state: 'conflict',
      doneRowCount: 0,
    });
    const row = await rowOf(jobId);
    expect(row).toMatchObject({ state: 'conflict' });
    expect(row).not.toHaveProperty('existingDigest');

    pair.rig.transfers.decide(jobId, new Map([[String(row?.rowId), { kind: 'overwrite' }]]));
    expect(await pair.rig.until(jobId, 'done', 'failed', 'conflict')).toMatchObject({ state: 'done' });
    expect(await rootOf(name)).toBe(built?.descriptor.digest);
  });

  it('is written, and whole, when somebody deleted what it held right before (FI29, I-TRUE)', async () => {
    const name = 'race/deleted-before';
    const [built] = await setUp(name);
    const old = buildImage({ layers: [buildLayer('old')] });
    await pushImage(pair.b.host, name, old, ['shared']);
    const deleted = Promise.withResolvers<undefined>();
    pair.to.add({ match: isTagPut(name), fault: { kind: 'wait', until: deleted.promise }, times: 1 });
    const target = into('b', '{repository}', 'shared');
    const planned = await pair.rig.plan([image('a', `${name}:one`)], target, { conflict: 'overwrite' });
    const { jobId } = pair.rig.transfers.start(planned.planId, new Map());
    await expect.poll(() => pair.to.requests.filter(isTagPut(name)).length).toBe(1);
    await deleteManifest(name, old.descriptor.digest);
    deleted.resolve(undefined);
    expect(await pair.rig.until(jobId, 'done', 'failed', 'conflict')).toMatchObject({ state: 'done' });
    expect(await rootOf(name)).toBe(built?.descriptor.digest);
  });
});
