import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBlobRead, isUploadData, isUploadStart, type SeenRequest } from '#test/support/chaos-faults.ts';
import { buildImage, buildIndex, buildLayer } from '#test/support/oci-builder.ts';
import { pushBlob, pushImage, pushManifest } from '#test/support/push-image.ts';
import { type RecordedPair, startRecordedPair } from '#test/support/recorded-pair.ts';
import { hasTools } from '#test/support/tools.ts';
import { image, into } from '#test/support/transfers.ts';

describe.skipIf(!hasTools('docker-registry'))('the log of a transfer', () => {
  let pair: RecordedPair;
  beforeAll(async () => {
    pair = await startRecordedPair();
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  const logOf = async (jobId: string) => {
    for await (const { log } of pair.rig.transfers.watchOne(jobId, AbortSignal.timeout(5000))) {
      return log.map(({ text }) => text);
    }
    return [];
  };

  it('says of each blob whether it was sent or there, of each manifest, of the tag, and how it ended', async () => {
    const images = ['amd64', 'arm64'].map((architecture) =>
      buildImage({ layers: [buildLayer('base'), buildLayer(architecture)], config: { architecture } }),
    );
    const [amd64, arm64] = images;
    const index = buildIndex(images);
    for (const each of images) await pushImage(pair.a.host, 'log/app', each, []);
    await pushManifest(pair.a.host, 'log/app', index, ['1']);
    const [base] = amd64!.layers;
    await pushBlob(pair.b.host, 'log/app', base!);
    const view = await pair.rig.run(await pair.rig.plan([image('a', 'log/app:1')], into('b')));
    const log = await logOf(view.jobId);
    expect([log[0], log[1], log.at(-1)]).toEqual([
      'under way',
      'b.example/log/app:1: 1 of 5 blobs are there already',
      'done',
    ]);
    const sent = [amd64!.config, arm64!.config, amd64!.layers[1]!, arm64!.layers[1]!];
    for (const { descriptor } of sent) {
      expect(log).toContainEqual(
        expect.stringMatching(`^sent \\w+ ${descriptor.digest} \\(${descriptor.size} bytes\\)$`),
      );
    }
    for (const { descriptor } of [...images, index]) expect(log).toContain(`wrote manifest ${descriptor.digest}`);
    expect(log.at(-2)).toBe(`b.example/log/app:1 is ${index.descriptor.digest}`);
    expect(log).toHaveLength(3 + sent.length + 3 + 1);
  });

  it('says what was mounted, and what was up to date', async () => {
    const built = buildImage({ layers: [buildLayer('mounted')] });
    await pushImage(pair.b.host, 'log/from', built, ['1']);
    const planned = await pair.rig.plan([image('b', 'log/from:1')], into('b', 'log/to'));
    const first = await logOf((await pair.rig.run(planned)).jobId);
    expect(first.filter((line) => line.startsWith('mounted '))).toHaveLength(2);
    const again = await pair.rig.plan([image('b', 'log/from:1')], into('b', 'log/to'));
    expect((await logOf((await pair.rig.run(again)).jobId)).at(-1)).toBe('done');
  });

  it('says how often something was tried again, at which end and why', async () => {
    const built = buildImage({ layers: [buildLayer('tried')], config: { author: 'nobody has it yet' } });
    await pushImage(pair.a.host, 'log/tried', built, ['1']);
    const fault = { kind: 'answer', status: 503 } as const;
    pair.from.add({ match: (request) => isBlobRead(request), fault, times: 1 });
    pair.to.add({ match: isUploadStart, fault, times: 1 });
    pair.to.add({ match: isUploadData, fault: { kind: 'lose-answer' }, times: 1 });
    const view = await pair.rig.run(await pair.rig.plan([image('a', 'log/tried:1')], into('b')));
    expect(view).toMatchObject({ state: 'done' });
    const retries = (await logOf(view.jobId)).filter((line) => line.includes('retry'));
    expect(retries).toContainEqual(expect.stringMatching(/^reading sha256:\w+: retry 2 of 12 in 0\.0 s: HTTP 503$/));
    expect(retries).toContainEqual(expect.stringMatching(/^sending sha256:\w+: retry 2 of 12 in 0\.0 s: HTTP 503$/));
    expect(retries).toContainEqual(expect.stringMatching(/^sending sha256:\w+: retry .*: the connection was lost$/));
  });

  it('says that a mount was tried again, and mounts after all', async () => {
    const built = buildImage({ layers: [buildLayer('mounted in the end')] });
    await pushImage(pair.b.host, 'log/busy', built, ['1']);
    const isMount = (request: SeenRequest) => isUploadStart(request) && request.path.includes('mount=');
    pair.to.add({ match: isMount, fault: { kind: 'answer', status: 503 }, times: 1 });
    const view = await pair.rig.run(await pair.rig.plan([image('b', 'log/busy:1')], into('b', 'log/calm')));
    const log = await logOf(view.jobId);
    expect(log).toContainEqual(expect.stringMatching(/^sending sha256:\w+: retry 2 of 12 in 0\.0 s: HTTP 503$/));
    expect(log.filter((line) => line.startsWith('mounted '))).toHaveLength(2);
    expect(log.filter((line) => line.startsWith('sent '))).toEqual([]);
  });

  it('says what failed, and why', async () => {
    await pushImage(pair.a.host, 'log/failed', buildImage({ layers: [buildLayer('failed')] }), ['1']);
    const undo = pair.from.add({ match: (request) => isBlobRead(request), fault: { kind: 'answer', status: 403 } });
    const view = await pair.rig.run(await pair.rig.plan([image('a', 'log/failed:1')], into('b')));
    undo();
    expect(view.state).toBe('failed');
    const log = await logOf(view.jobId);
    expect(log.at(-2)).toMatch(/^b\.example\/log\/failed:1 failed: ./);
    expect(log.at(-1)).toBe('ended, but not all of it is done');
  });
});
