import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isBlobRead,
  isManifestPut,
  isUploadData,
  isUploadStart,
  type Rule,
  type SeenRequest,
} from '#test/support/chaos-faults.ts';
import { hasTools } from '#test/support/tools.ts';
import { password } from '#test/support/engine.ts';
import { startTransferRig } from '#test/support/transfers.ts';
import {
  CANARY,
  type Course,
  type CourseRegistries,
  SETTLED,
  startCourse,
  startCourseRegistries,
  uploadsOf,
} from '#test/support/transfer-course.ts';

type Phase = {
  readonly name: string;
  readonly at: 'source' | 'destination';
  readonly match: Rule['match'];
  readonly fault: Rule['fault'];
};

const LATE = { kind: 'delay', ms: 2000 } as const;

const PHASES: readonly Phase[] = [
  {
    name: 'the look at the tag',
    at: 'destination',
    match: ({ method, path }) => method === 'HEAD' && path.endsWith('/manifests/v1'),
    fault: LATE,
  },
  {
    name: 'the read of a blob',
    at: 'source',
    match: (request) => isBlobRead(request),
    fault: { kind: 'stall', afterBytes: 1000 },
  },
  { name: 'the start of an upload', at: 'destination', match: isUploadStart, fault: LATE },
  { name: 'the body of an upload', at: 'destination', match: isUploadData, fault: LATE },
  { name: 'the writing of the manifest', at: 'destination', match: (request) => isManifestPut(request), fault: LATE },
  {
    name: 'the read after it',
    at: 'destination',
    match: ({ method, path }) => method === 'GET' && path.endsWith('/manifests/v1'),
    fault: LATE,
  },
];

describe.skipIf(!hasTools('docker-registry', 'htpasswd'))(
  'a copy, with a secret that is written nowhere (FI32), under way',
  { timeout: 90_000 },
  () => {
    let registries: CourseRegistries;
    beforeAll(async () => {
      registries = await startCourseRegistries();
    });
    afterAll(() => registries[Symbol.asyncDispose]());

    it('whose sign-in is refused waits for another, and goes on with what is missing (FI11, I-TAG)', async () => {
      await using course = await startCourse(registries);
      const headers = { 'www-authenticate': 'Basic realm="test"' };
      const isLast = (request: SeenRequest) => isManifestPut(request);
      course.destination.add({ match: isLast, fault: { kind: 'answer', status: 401, headers } });
      const paused = await course.copy();
      expect(paused).toMatchObject({ state: 'paused', doneRowCount: 0, failedRowCount: 0 });
      expect(JSON.parse(paused.error ?? '{}')).toMatchObject({ kind: 'unauthorized' });
      expect(course.destination.requests.filter(isLast).length).toBeLessThanOrEqual(2);
      await course.expectWhole('old');

      course.destination.clear();
      course.rig.signInAnew('destination');
      course.rig.transfers.resume(paused.jobId);
      expect(await course.rig.until(paused.jobId, 'done', 'failed')).toMatchObject({ state: 'done' });
      expect(uploadsOf(course)).toHaveLength(course.image.blobs.length);
      await course.expectWhole('new');
      await course.expectNoSecret();
    });

    it('whose source tag moves brings what it was planned for, and says so (FI20)', async () => {
      await using course = await startCourse(registries);
      const jobId = await stopAtLayer(course);
      const before = course.source.requests.length;
      const moved = digestOfManifest((await course.moveTag('from')).manifest);
      await goOn(course, jobId, 'done');
      await course.expectWhole('new');
      // Of the source blobs were read since, and its tag was looked at, no more.
      const since = course.source.requests.slice(before).filter(({ path }) => !path.includes('/blobs/'));
      expect(since.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual(['HEAD v1']);
      const { rows, log } = await course.detail(jobId);
      expect(rows).toMatchObject([{ state: 'done', sourceMovedTo: moved }]);
      expect(log.map(({ text }) => text).join('\n')).toContain(`is ${moved} by now`);
      await course.expectNoSecret();
    });

    it('whose destination tag is written by another client leaves theirs, and asks (FI21)', async () => {
      await using course = await startCourse(registries);
      const jobId = await stopAtLayer(course, 'expecting');
      const theirs = await course.moveTag('to');
      await goOn(course, jobId, 'conflict');
      await course.expectWhole(theirs);
      expect(course.destination.requests.filter((request) => isManifestPut(request))).toEqual([]);
      const [row] = (await course.detail(jobId)).rows;
      expect(row).toMatchObject({ state: 'conflict', existingDigest: digestOfManifest(theirs.manifest) });

      course.rig.transfers.decide(jobId, new Map([[String(row?.ordinal), { kind: 'overwrite' }]]));
      expect(await course.rig.until(jobId, 'done', 'failed')).toMatchObject({ state: 'done' });
      await course.expectWhole('new');
      await course.expectNoSecret();
    });

    it('that may write over anything notes what it wrote over (FI21)', async () => {
      await using course = await startCourse(registries);
      const jobId = await stopAtLayer(course);
      const theirs = await course.moveTag('to');
      await goOn(course, jobId, 'done');
      await course.expectWhole('new');
      const { log } = await course.detail(jobId);
      expect(log.map(({ text }) => text).join('\n')).toContain(digestOfManifest(theirs.manifest));
      await course.expectNoSecret();
    });

    it.each(PHASES)(
      'that is cancelled at $name leaves the tag whole and nothing under way (FI24, I-TAG)',
      async (phase) => {
        await using course = await startCourse(registries, { image: { layerCount: 1, layerMib: 9 } });
        const { rig } = course;
        const reached = Promise.withResolvers<undefined>();
        const match = (request: SeenRequest): boolean => {
          const isReached = phase.match(request);
          if (isReached) reached.resolve(undefined);
          return isReached;
        };
        course[phase.at].add({ match, fault: phase.fault });
        const jobId = await course.begin();
        await reached.promise;
        expect(await rig.transfers.cancel(jobId)).toMatchObject({ state: 'cancelled' });
        const tagged = course.destination.requests.some((request) => isManifestPut(request) && request.status === 201);
        await course.expectWhole(tagged ? 'new' : 'old');
        const before = [course.source.requests.length, course.destination.requests.length];
        await rig.client('destination').ping();
        // The ping was the last of all requests, and is the only one since.
        expect([course.source.requests.length, course.destination.requests.length - 1]).toEqual(before);
        await course.expectNoSecret();

        course[phase.at].clear();
        rig.transfers.retry(jobId);
        expect(await rig.until(jobId, 'done', 'failed')).toMatchObject({ state: 'done' });
        await course.expectWhole('new');
      },
    );

    it('whose source dies is gone on with after a restart, and sends what is missing (FI28, I-RES)', async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'gantry-faults-'));
      try {
        await using course = await startCourse(registries, { dataDir, image: { layerCount: 4 } });
        const last = course.image.blobs.at(-1)!.digest;
        const others = course.image.blobs.map(({ digest }) => digest).filter((digest) => digest !== last);
        const undo = course.source.add({
          match: (request) => isBlobRead(request, last),
          fault: { kind: 'stall', afterBytes: 1000 },
        });
        const jobId = await course.begin();
        await expect.poll(() => uploadsOf(course).toSorted()).toEqual(others.toSorted());
        await course.source.down();
        await course.rig.close();
        await course.expectWhole('old');
        undo();
        await course.source.up();

        const credential = password('alice', CANARY);
        await using later = await startTransferRig(
          {
            source: { host: course.source.host, credential },
            destination: { host: course.destination.host, credential },
          },
          { dataDir },
        );
        expect(await later.until(jobId, ...SETTLED)).toMatchObject({ state: 'done', doneRowCount: 1 });
        expect(uploadsOf(course).slice(others.length)).toEqual([last]);
        await course.expectWhole('new');
      } finally {
        await rm(dataDir, { recursive: true, force: true });
      }
    });
  },
);

/** Stops a copy in the middle of its last layer. */
async function stopAtLayer(course: Course, how?: 'expecting'): Promise<string> {
  const { digest } = course.image.blobs.at(-1)!;
  const isLayer = (request: SeenRequest) => isBlobRead(request, digest);
  course.source.add({ match: isLayer, fault: { kind: 'stall', afterBytes: 1000 } });
  const jobId = await course.begin(how);
  await expect.poll(() => course.source.requests.filter(isLayer)).toHaveLength(1);
  course.rig.transfers.pause(jobId);
  await course.rig.until(jobId, 'paused');
  course.source.clear();
  return jobId;
}

async function goOn({ rig }: Course, jobId: string, state: 'done' | 'conflict'): Promise<void> {
  rig.transfers.resume(jobId);
  expect(await rig.until(jobId, 'done', 'failed', 'conflict')).toMatchObject({ state });
}

function digestOfManifest(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
