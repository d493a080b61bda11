import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TransferView } from '#main/core/transfer/transfers-types.ts';
import { pushRandomImage } from '#test/bench/copy/images.ts';
import { isBlobRead, type SeenRequest } from '#test/support/chaos-faults.ts';
import { startChaosProxy } from '#test/support/chaos-proxy.ts';
import { startDelayProxy } from '#test/support/delay-proxy.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { build, buildImage } from '#test/support/oci-builder.ts';
import { pushImage } from '#test/support/push-image.ts';
import { contentOf } from '#test/support/registry-content.ts';
import { createSkippingClock } from '#test/support/skipping-clock.ts';
import { hasTools } from '#test/support/tools.ts';
import { image, into, startTransferRig, type TransferRig } from '#test/support/transfers.ts';

const MIB = 1024 * 1024;
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

describe.skipIf(!hasTools('docker-registry'))('a copy over a network', { timeout: 90_000 }, () => {
  let from: DockerRegistry;
  let to: DockerRegistry;
  beforeAll(async () => {
    [from, to] = await Promise.all([startDockerRegistry(), startDockerRegistry()]);
  });
  afterAll(() => Promise.all([from[Symbol.asyncDispose](), to[Symbol.asyncDispose]()]));

  const expectSame = async (repository: string, tag: string) => {
    const found = await startTransferRig({ a: { host: from.host }, b: { host: to.host } });
    const [wanted, got] = ['a', 'b'].map((id) => contentOf(found.client(id), repository, tag));
    expect(await got).toEqual(await wanted);
    await found.close();
  };
  const begin = async (rig: TransferRig, reference: string) => {
    const { planId } = await rig.plan([image('a', reference)], into('b'), { referrers: false });
    return rig.transfers.start(planId, new Map()).jobId;
  };

  it('that is slow, far and loses packets comes to its end, and what is shown never goes back (FI25)', async () => {
    // Of different sizes, so that they end one after the other.
    const layers = [16, 44, 72].map((kib) => build(Buffer.alloc(kib * 1024, `${kib} `), LAYER));
    await pushImage(from.host, 'far/app', buildImage({ layers }), ['1']);
    const poor = { bytesPerSecond: 64 * 1024, losesOneOf: 100 };
    await using source = await startDelayProxy(from.host, 2000, poor);
    await using destination = await startDelayProxy(to.host, 2000, poor);
    await using rig = await startTransferRig({ a: { host: source.host }, b: { host: destination.host } });
    const jobId = await begin(rig, 'far/app:1');
    const views: TransferView[] = [];
    for await (const { view } of rig.transfers.watchOne(jobId, AbortSignal.timeout(60_000))) {
      views.push(view);
      if (view.state === 'done' || view.state === 'failed') break;
    }
    expect(views.at(-1)).toMatchObject({ state: 'done', failedRowCount: 0 });
    for (const counted of ['doneBytes', 'sentBytes', 'doneRowCount'] as const) {
      const seen = views.map((view) => view[counted]);
      expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    }
    // It was watched while it went, not only at its end.
    expect(views.some(({ doneBytes, totalBytes }) => doneBytes > 0 && doneBytes < totalBytes)).toBe(true);
    // With a speed while it runs, and the time that the rest takes at that speed; neither once it has ended.
    const paced = views.filter(({ secondsLeft }) => secondsLeft !== undefined);
    expect(paced.length).toBeGreaterThan(0);
    for (const { bytesPerSecond = 0, secondsLeft = 0, totalBytes, doneBytes } of paced) {
      expect(secondsLeft * bytesPerSecond).toBeCloseTo(totalBytes - doneBytes, 3);
    }
    expect([views.at(-1)?.secondsLeft, views.at(-1)?.bytesPerSecond]).toEqual([undefined, undefined]);
    await expectSame('far/app', '1');
  });

  it('whose names do not resolve for half a minute, and then to another address, goes on where it was (FI26)', async () => {
    const { blobs } = await pushRandomImage(from.host, 'moved/app', { layerCount: 1, layerMib: 8, tag: '1' });
    const layer = blobs.at(-1)!;
    const clock = createSkippingClock();
    await using before = await startChaosProxy(from.host);
    await using after = await startChaosProxy(from.host, { address: '127.0.0.2', port: before.port });
    let goneUntil: number | undefined;
    let failed = 0;
    await using rig = await startTransferRig(
      { a: { host: `registry.test:${before.port}` }, b: { host: to.host } },
      {
        clock,
        retry: { random: () => 1 },
        transport: {
          lookup: (hostname, options, callback) => {
            const address = goneUntil === undefined ? '127.0.0.1' : '127.0.0.2';
            if (goneUntil !== undefined && clock.now() < goneUntil) {
              failed += 1;
              callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), '');
            } else if (options.all === true) callback(null, [{ address, family: 4 }]);
            else callback(null, address, 4);
          },
        },
      },
    );
    const isIt = (request: SeenRequest) => isBlobRead(request, layer.digest);
    before.add({ match: isIt, fault: { kind: 'stall', afterBytes: 5 * MIB } });
    const jobId = await begin(rig, 'moved/app:1');
    await expect.poll(() => before.requests.find(isIt)?.responseBytes).toBe(5 * MIB);
    goneUntil = clock.now() + 30_000;
    await before.down();
    expect(await rig.until(jobId, 'done', 'failed')).toMatchObject({ state: 'done', failedRowCount: 0 });
    expect(failed).toBeGreaterThan(2);
    expect(before.requests.filter(isIt)).toHaveLength(1);
    const [rest, ...others] = after.requests.filter(isIt);
    expect(others).toEqual([]);
    expect(rest).toMatchObject({ status: 206, responseBytes: layer.sizeBytes - rangeStart(rest) });
    expect(rangeStart(rest)).toBeGreaterThan(4 * MIB);
    await expectSame('moved/app', '1');
  });
});

/** The byte that a request begins at. */
function rangeStart(request: SeenRequest | undefined): number {
  return Number(/^bytes=(\d+)-/.exec(String(request?.headers['range']))?.[1] ?? 0);
}
