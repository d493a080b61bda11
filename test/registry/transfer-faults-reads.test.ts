import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, isBlobRead, isManifestPut, isUploadData, type SeenRequest } from '#test/support/chaos-faults.ts';
import { hasTools } from '#test/support/tools.ts';
import {
  type Course,
  type CourseRegistries,
  startCourse,
  startCourseRegistries,
  sumReceived,
  sumSent,
} from '#test/support/transfer-course.ts';

const MIB = 1024 * 1024;
const SIZE = 8 * MIB;
/** What the buffers of two sockets hold at most. */
const LOST_BYTES = 5 * MIB;
/** The tries of a transfer since it last got on. */
const TRIES = 12;

describe.skipIf(!hasTools('docker-registry', 'htpasswd'))(
  'a copy, with a secret that is written nowhere (FI32), whose source',
  { timeout: 90_000 },
  () => {
    let registries: CourseRegistries;
    beforeAll(async () => {
      registries = await startCourseRegistries();
    });
    afterAll(() => registries[Symbol.asyncDispose]());

    /** One layer; `fault` befalls the first `times` reads of it. */
    const met = async (fault: Fault | readonly Fault[], check: (course: Course, met: Met) => Promise<void> | void) => {
      await using course = await startCourse(registries, { image: { layerCount: 1, layerMib: SIZE / MIB } });
      const digest = course.image.blobs.at(-1)!.digest;
      for (const each of [fault].flat()) {
        course.source.add({ match: (request) => isBlobRead(request, digest), fault: each, times: 1 });
      }
      const view = await course.copy();
      const reads = course.source.requests.filter((request) => isBlobRead(request, digest));
      expect(view).toMatchObject({ state: 'done', doneRowCount: 1, failedRowCount: 0 });
      await course.expectWhole('new');
      await check(course, { reads, starts: reads.map(startOf) });
      expect(course.destination.requests.filter((request) => isManifestPut(request, 'v1'))).toHaveLength(1);
      await course.expectNoSecret();
    };

    it.each([1, 25, 50, 99])('breaks off with a reset after %i hundredths goes on by Range (FI01)', async (part) => {
      const afterBytes = Math.floor((SIZE * part) / 100);
      await met({ kind: 'reset-response', afterBytes }, (course, { reads, starts }) => {
        expect(reads.map(({ status }) => status)).toEqual([200, 206]);
        const [, second = 0] = starts;
        expect(second).toBeLessThanOrEqual(afterBytes);
        expect(reads[1]?.responseBytes).toBe(SIZE - second);
        // A reset takes with it what lay in buffers on the way; an end that is clean (FI02) loses nothing.
        expect(sumReceived(reads)).toBeLessThanOrEqual(SIZE + LOST_BYTES);
        // The upload is one: the destination never notices.
        expect(
          sumSent(course.destination.requests.filter(isUploadData).filter(({ requestBytes }) => requestBytes > MIB)),
        ).toBe(SIZE);
      });
    });

    it.each([
      ['with a length that promised more', true],
      ['with no length at all', false],
    ])('ends cleanly too early %s goes on where it was (FI02)', async (_name, keepLength) => {
      await met({ kind: 'end-response', afterBytes: SIZE / 2, keepLength }, (_course, { reads, starts }) => {
        expect(reads.map(({ status }) => status)).toEqual([200, 206]);
        expect(starts).toEqual([0, SIZE / 2]);
        expect(sumReceived(reads)).toBe(SIZE);
      });
    });

    it('knows no Range is read anew, once for each break, and what was had is skipped (FI03)', async () => {
      await met(
        [{ kind: 'end-response', afterBytes: SIZE / 4, keepLength: true }, { kind: 'ignore-range' }],
        (course, { reads }) => {
          expect(reads.map(({ status }) => status)).toEqual([200, 200]);
          expect(reads[1]?.headers['range']).toBe(`bytes=${SIZE / 4}-`);
          expect(sumReceived(reads)).toBe(SIZE / 4 + SIZE);
          expect(
            sumSent(course.destination.requests.filter(isUploadData).filter(({ requestBytes }) => requestBytes > MIB)),
          ).toBe(SIZE);
        },
      );
    });

    it.each([
      ['of the first byte', `bytes 0-${SIZE - 1}/${SIZE}`],
      ['of the next byte', `bytes ${SIZE / 2 + 1}-${SIZE - 1}/${SIZE}`],
      ['of another size', `bytes ${SIZE / 2}-${SIZE - 1}/${SIZE + 1}`],
      ['of nothing', undefined],
    ])('answers a Range with a 206 %s is read anew and never spliced (FI04)', async (_name, value) => {
      await met(
        [
          { kind: 'end-response', afterBytes: SIZE / 2, keepLength: true },
          { kind: 'content-range', value },
        ],
        (_course, { reads }) => {
          expect(reads.map(({ status }) => status)).toEqual([200, 206, 200]);
          expect(reads[2]?.headers['range']).toBeUndefined();
        },
      );
    });

    it.each([0, SIZE / 2, SIZE - 1])('sends one bit wrong in byte %i is read once more (FI05)', async (atByte) => {
      await met({ kind: 'flip-bit', atByte }, (_course, { reads }) => {
        expect(reads.map(({ status }) => status)).toEqual([200, 200]);
      });
    });

    it('sends wrong bits always fails with both digests after two reads, and the tag stays (FI05, I-TAG)', async () => {
      await using course = await startCourse(registries);
      const digest = course.image.blobs.at(-1)!.digest;
      const undo = course.source.add({
        match: (request) => isBlobRead(request, digest),
        fault: { kind: 'flip-bit', atByte: 7 },
      });
      const failed = await course.copy();
      expect(failed).toMatchObject({ state: 'failed', failedRowCount: 1 });
      const [row] = (await course.detail(failed.jobId)).rows;
      expect(JSON.parse(row?.error ?? '{}')).toMatchObject({ kind: 'digest-mismatch', expected: digest });
      expect(course.source.requests.filter((request) => isBlobRead(request, digest))).toHaveLength(2);
      expect(course.destination.requests.filter((request) => isManifestPut(request))).toEqual([]);
      await course.expectWhole('old');

      undo();
      course.rig.transfers.retry(failed.jobId);
      expect(await course.rig.until(failed.jobId, 'done', 'failed')).toMatchObject({ state: 'done' });
      await course.expectWhole('new');
      await course.expectNoSecret();
    });

    it('breaks off each time before a byte came fails after so many tries, and the tag stays (FI01, I-TAG)', async () => {
      await using course = await startCourse(registries);
      const digest = course.image.blobs.at(-1)!.digest;
      course.source.add({
        match: (request) => isBlobRead(request, digest),
        fault: { kind: 'reset-response', afterBytes: 1 },
      });
      expect(await course.copy()).toMatchObject({ state: 'failed', failedRowCount: 1 });
      const reads = course.source.requests.filter((request) => isBlobRead(request, digest));
      expect(reads.length).toBeGreaterThan(1);
      expect(reads.length).toBeLessThanOrEqual(TRIES);
      await course.expectWhole('old');
    });
  },
);

type Met = { readonly reads: readonly SeenRequest[]; readonly starts: readonly number[] };

/** The first byte that was asked for. */
function startOf({ headers }: SeenRequest): number {
  const { range } = headers;
  return typeof range === 'string' ? Number(/^bytes=(\d+)-/.exec(range)?.[1]) : 0;
}
