import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isBlobRead,
  isManifestPut,
  isUploadData,
  isUploadStart,
  type Rule,
  type SeenRequest,
} from '#test/support/chaos-faults.ts';
import { createSkippingClock } from '#test/support/skipping-clock.ts';
import { hasTools } from '#test/support/tools.ts';
import {
  type Course,
  type CourseRegistries,
  startCourse,
  startCourseRegistries,
  uploadsOf,
} from '#test/support/transfer-course.ts';

/** The tries of a transfer since it last got on. */
const TRIES = 12;

type Endpoint = {
  readonly name: string;
  readonly at: 'source' | 'destination';
  readonly match: Rule['match'];
  /** Looks come with the plan already. */
  readonly isOfBytes?: true;
};

const isManifest = (wanted: string) => (request: SeenRequest) =>
  request.method === wanted && request.path.includes('/manifests/');

const ENDPOINTS: readonly Endpoint[] = [
  { name: 'the manifest', at: 'source', match: isManifest('GET') },
  { name: 'a blob', at: 'source', match: (request) => isBlobRead(request), isOfBytes: true },
  { name: 'the look at the tag', at: 'destination', match: isManifest('HEAD') },
  { name: 'the start of an upload', at: 'destination', match: isUploadStart, isOfBytes: true },
  { name: 'the body of an upload', at: 'destination', match: isUploadData, isOfBytes: true },
  {
    name: 'the writing of the manifest',
    at: 'destination',
    match: (request) => isManifestPut(request),
    isOfBytes: true,
  },
  { name: 'the read after it', at: 'destination', match: isManifest('GET') },
];
const STATUSES = [500, 502, 503, 504];
const CASES = ENDPOINTS.map((endpoint, index) => ({ ...endpoint, status: STATUSES[index % STATUSES.length]! }));

describe.skipIf(!hasTools('docker-registry', 'htpasswd'))(
  'a copy, with a secret that is written nowhere (FI32),',
  { timeout: 90_000 },
  () => {
    let registries: CourseRegistries;
    beforeAll(async () => {
      registries = await startCourseRegistries();
    });
    afterAll(() => registries[Symbol.asyncDispose]());

    it.each(CASES)('answered $status three times at $name waits longer each time and goes on (FI06)', async (given) => {
      const { at, match, status } = given;
      await using course = await startCourse(registries, {
        image: { layerCount: 0 },
        clock: createSkippingClock(),
        retry: { random: () => 1 },
      });
      course[at].add({ match, fault: { kind: 'answer', status, body: 'broken' }, times: 3 });
      expect(await course.copy()).toMatchObject({ state: 'done', doneRowCount: 1 });
      expect(course[at].requests.filter((request) => request.status === status)).toHaveLength(3);
      expect(await retriesOf(course)).toEqual(['0.5 s', '1.0 s', '2.0 s'].map((wait) => `${wait}: HTTP ${status}`));
      await course.expectWhole('new');
      await course.expectNoSecret();
    });

    it.each(ENDPOINTS.filter(({ isOfBytes }) => isOfBytes === true))(
      'answered 500 for ever at $name fails after so many tries, and goes on later (FI07, I-TAG)',
      async ({ at, match }) => {
        await using course = await startCourse(registries, { image: { layerCount: 1 } });
        course[at].add({ match, fault: { kind: 'answer', status: 500 } });
        const failed = await course.copy();
        expect(failed).toMatchObject({ state: 'failed', failedRowCount: 1, doneRowCount: 0 });
        const refused = course[at].requests.filter(({ status }) => status === 500);
        expect(refused.length).toBeGreaterThanOrEqual(TRIES);
        // A layer and a configuration go on for themselves.
        expect(refused.length).toBeLessThanOrEqual(TRIES * 2);
        await course.expectWhole('old');

        course[at].clear();
        const there = uploadsOf(course);
        course.rig.transfers.retry(failed.jobId);
        expect(await course.rig.until(failed.jobId, 'done', 'failed')).toMatchObject({ state: 'done' });
        await course.expectWhole('new');
        expect(uploadsOf(course)).toHaveLength(course.image.blobs.length);
        expect(uploadsOf(course).slice(0, there.length)).toEqual(there);
        await course.expectNoSecret();
      },
    );

    it.each([
      ['in seconds', () => '2', 1.9, 2],
      ['as a date', (now: number) => new Date(now + 40_000).toUTCString(), 1, 40],
    ])('told by 429 when to come back, %s, comes back then (FI08)', async (_name, retryAfter, least, most) => {
      const clock = createSkippingClock();
      await using course = await startCourse(registries, { clock, image: { layerCount: 0 } });
      const headers = { 'retry-after': retryAfter(clock.now()) };
      course.destination.add({ match: isUploadStart, fault: { kind: 'answer', status: 429, headers }, times: 1 });
      expect(await course.copy()).toMatchObject({ state: 'done' });
      const [told, ...others] = await retriesOf(course);
      expect(others).toEqual([]);
      const [, seconds] = /^(\d+\.\d) s, as asked: HTTP 429$/.exec(told ?? '') ?? [];
      // The plan has taken some of the date's; its own pace would have been half a second at most.
      expect(Number(seconds)).toBeGreaterThan(least);
      expect(Number(seconds)).toBeLessThanOrEqual(most);
      await course.expectWhole('new');
      await course.expectNoSecret();
    });

    it('told by 429 alone comes back at its own pace (FI08)', async () => {
      await using course = await startCourse(registries, {
        clock: createSkippingClock(),
        retry: { random: () => 1 },
        image: { layerCount: 0 },
      });
      course.source.add({
        match: (request) => isBlobRead(request),
        fault: { kind: 'answer', status: 429 },
        times: 2,
      });
      expect(await course.copy()).toMatchObject({ state: 'done' });
      expect(await retriesOf(course)).toEqual(['0.5 s: HTTP 429', '1.0 s: HTTP 429']);
      await course.expectWhole('new');
      await course.expectNoSecret();
    });

    it('that waits for one host keeps nobody from another (FI08)', async () => {
      await using course = await startCourse(registries, { image: { layerCount: 0 } });
      const fault = { kind: 'answer', status: 429, headers: { 'retry-after': '60' } } as const;
      course.source.add({ match: (request) => isBlobRead(request), fault });
      const jobId = await course.begin();
      await expect.poll(() => course.source.requests.filter(({ status }) => status === 429)).toHaveLength(1);
      const before = course.source.requests.length;
      const { repository, rig } = course;
      expect((await rig.client('destination').getManifest({ repository, reference: 'v1' })).bytes).toHaveLength(
        course.old.manifest.length,
      );
      expect(course.source.requests).toHaveLength(before);
      expect(rig.transfers.get(jobId).state).toBe('running');
      expect(await rig.transfers.cancel(jobId)).toMatchObject({ state: 'cancelled' });
      await course.expectWhole('old');
    });
  },
);

/** For how long each retry waited, and why. */
async function retriesOf({ rig }: Course): Promise<readonly string[]> {
  const entries = await rig.entries();
  const texts = entries.flatMap((entry) => (entry.kind === 'decision' ? [entry.text] : []));
  return texts.flatMap((text) => /^retry \d+ of \d+ in (.*)$/.exec(text)?.[1] ?? []);
}
