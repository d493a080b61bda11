import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PushedImage, pushRandomImage } from '#test/bench/copy/images.ts';
import {
  isBlobRead,
  isManifestPut,
  isUploadData,
  isUploadStart,
  type SeenRequest,
} from '#test/support/chaos-faults.ts';
import { contentOf } from '#test/support/registry-content.ts';
import { createSkippingClock } from '#test/support/skipping-clock.ts';
import { startTokenCourse, type TokenCourse } from '#test/support/token-course.ts';
import { hasTools } from '#test/support/tools.ts';
import { uploadsOf } from '#test/support/transfer-course.ts';
import { image, into, startTransferRig, type TransferRig, type TransferRigOptions } from '#test/support/transfers.ts';

const MIB = 1024 * 1024;
const HOURS_8 = 8 * 60 * 60 * 1000;

describe.skipIf(!hasTools('docker-registry', 'openssl'))('a copy with tokens', { timeout: 90_000 }, () => {
  let course: TokenCourse;
  let count = 0;
  beforeAll(async () => {
    course = await startTokenCourse();
  });
  afterAll(() => course[Symbol.asyncDispose]());

  /** An image at the one registry, and a plan to copy it to the other. */
  async function setUp(from: 'open' | 'guarded', options: TransferRigOptions = {}) {
    count += 1;
    const repository = `tokens/app${count}`;
    const pushed = await pushRandomImage(course.open.host, repository, { layerCount: 2, layerMib: 4, tag: '1' });
    if (from === 'guarded') await bring(repository);
    course.toOpen.clear();
    const rig = await startTransferRig(course.registries, options);
    const target = from === 'open' ? into('guarded') : into('open', `${repository}-back`);
    const { planId } = await rig.plan([image(from, `${repository}:1`)], target);
    return { repository, pushed, rig, start: () => rig.transfers.start(planId, new Map()).jobId };
  }

  async function bring(repository: string): Promise<void> {
    await using rig = await startTransferRig(course.registries);
    const planned = await rig.plan([image('open', `${repository}:1`)], into('guarded'));
    expect(await rig.run(planned)).toMatchObject({ state: 'done' });
  }

  const of = (repository: string) => ({
    destination: { requests: course.toGuarded.requests.filter(({ path }) => path.includes(repository)) },
  });
  const expectDone = async (rig: TransferRig, jobId: string) => {
    expect(await rig.until(jobId, 'done', 'failed', 'paused')).toMatchObject({ state: 'done', failedRowCount: 0 });
  };
  const expectSame = async (rig: TransferRig, repository: string) => {
    const [wanted, got] = [
      contentOf(rig.client('open'), repository, '1'),
      contentOf(rig.client('guarded'), repository, '1'),
    ];
    expect(await got).toEqual(await wanted);
  };
  const digestsOf = ({ blobs }: PushedImage) => blobs.map(({ digest }) => digest).toSorted();

  it.each([
    ['in the middle of an upload', isUploadData, { kind: 'reset-request', afterBytes: 2 * MIB }],
    ['between the start of an upload and its body', isUploadStart, undefined],
    ['before the manifest is written', (request: SeenRequest) => isManifestPut(request), undefined],
  ] as const)('whose token is over %s gets one more, and sends no blob twice (FI09)', async (_name, isIt, fault) => {
    const { repository, pushed, rig, start } = await setUp('open');
    const before = course.scopesOf(repository).length;
    let isOver = false;
    const match = (request: SeenRequest): boolean => {
      if (isOver || !request.path.includes(repository) || !isIt(request)) return false;
      isOver = true;
      course.revoke(request);
      return fault !== undefined;
    };
    course.toGuarded.clear();
    course.toGuarded.add({ match, fault: fault ?? { kind: 'delay', ms: 0 } });
    course.refuseRevoked();
    await expectDone(rig, start());
    expect(isOver).toBe(true);
    expect(course.scopesOf(repository).length - before).toBe(1);
    expect(uploadsOf(of(repository)).toSorted()).toEqual(digestsOf(pushed));
    await expectSame(rig, repository);
    await rig.close();
  });

  it('whose token is over in the middle of a blob that is read gets one more, and goes on where it was (FI09)', async () => {
    const { repository, pushed, rig, start } = await setUp('guarded');
    const before = course.scopesOf(repository).length;
    const layer = pushed.blobs.at(-1)!;
    const isIt = (request: SeenRequest) => isBlobRead(request, layer.digest) && request.path.includes(repository);
    const from = course.toGuarded.requests.length;
    course.toGuarded.clear();
    course.toGuarded.add({
      match: (request) => {
        if (isIt(request)) course.revoke(request);
        return isIt(request);
      },
      fault: { kind: 'reset-response', afterBytes: 2 * MIB },
      times: 1,
    });
    course.refuseRevoked();
    await expectDone(rig, start());
    expect(course.scopesOf(repository).length - before).toBe(1);
    const reads = course.toGuarded.requests.slice(from).filter((each) => isIt(each));
    // Whoever asks next is refused, and all that come after have the new one.
    expect(reads.map(({ status }) => status).filter((status) => status !== 401)).toEqual([200, 206]);
    const others = course.toGuarded.requests.slice(from).filter((each) => isBlobRead(each) && !isIt(each));
    expect(others.filter(({ status }) => status === 200)).toHaveLength(pushed.blobs.length - 1);
    await rig.close();
  });

  it('waits for a token server that is away, once for all that wait for it (FI10)', async () => {
    const clock = createSkippingClock();
    const { repository, rig, start } = await setUp('open', { clock, retry: { random: () => 1 } });
    const before = course.scopesOf(repository).length;
    let backAt: number | undefined;
    course.toGuarded.clear();
    course.toGuarded.add({
      match: (request) => {
        if (backAt !== undefined || !request.path.includes(repository) || !isUploadStart(request)) return false;
        backAt = clock.now() + 20_000;
        course.revoke(request);
        return false;
      },
      fault: { kind: 'delay', ms: 0 },
    });
    course.refuseRevoked();
    const undo = course.tokens.add({
      match: () => backAt !== undefined && clock.now() < backAt,
      fault: { kind: 'answer', status: 503 },
    });
    const from = course.tokens.requests.length;
    await expectDone(rig, start());
    undo();
    const asked = course.tokens.requests.slice(from).map(({ status }) => status);
    // Three blobs wait, and it is asked as by one: six times, and no more than six again.
    expect(asked.at(-1)).toBe(200);
    expect(asked.filter((status) => status === 200)).toHaveLength(1);
    expect(asked.length).toBeGreaterThan(6);
    expect(asked.length).toBeLessThanOrEqual(12);
    expect(course.scopesOf(repository).length - before).toBe(1);
    await expectSame(rig, repository);
    await rig.close();
  });

  it('that slept for eight hours finds its connections dead, gets another token, and goes on (FI27)', async () => {
    const clock = createSkippingClock();
    const options = { clock, transport: { timeouts: { idleBodyMs: 5000 } } };
    const { repository, pushed, rig, start } = await setUp('open', options);
    const before = course.scopesOf(repository);
    const layer = pushed.blobs.at(-1)!;
    const isIt = (request: SeenRequest) => isBlobRead(request, layer.digest);
    course.toOpen.add({ match: isIt, fault: { kind: 'stall', afterBytes: 2 * MIB }, times: 1 });
    const from = course.toOpen.requests.length;
    const jobId = start();
    const reads = () => course.toOpen.requests.slice(from).filter((each) => isIt(each));
    await expect.poll(() => reads()[0]?.responseBytes).toBe(2 * MIB);
    // One that was stored as the lights went out would be found there, and not be sent again.
    await expect.poll(() => uploadsOf(of(repository))).toHaveLength(pushed.blobs.length - 1);
    const slept = course.toGuarded.requests.length;
    clock.skip(HOURS_8);
    await course.toGuarded.down();
    await course.toGuarded.up();
    await expectDone(rig, jobId);
    // Not refused with the old one first: it is known to be over, and each is got anew once.
    const scopes = course.scopesOf(repository).slice(before.length);
    expect(scopes).toContain(`repository:${repository}:pull,push`);
    expect(new Set(scopes).size).toBe(scopes.length);
    const since = course.toGuarded.requests.slice(slept).filter(({ path }) => path.includes(repository));
    expect(since.filter(({ status }) => status === 401)).toEqual([]);
    // The destination has kept nothing of what broke off, so that one blob comes again.
    expect(reads()).toHaveLength(2);
    expect(uploadsOf(of(repository)).toSorted()).toEqual(digestsOf(pushed));
    await expectSame(rig, repository);
    await rig.close();
  });
});
