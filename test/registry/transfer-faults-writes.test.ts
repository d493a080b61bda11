import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isManifestPut, isUploadData, isUploadStart, type SeenRequest } from '#test/support/chaos-faults.ts';
import { hasTools } from '#test/support/tools.ts';
import {
  type Course,
  type CourseRegistries,
  startCourse,
  startCourseRegistries,
  sumSent,
  uploadsOf,
} from '#test/support/transfer-course.ts';

const MIB = 1024 * 1024;

describe.skipIf(!hasTools('docker-registry', 'htpasswd'))(
  'a copy, with a secret that is written nowhere (FI32), whose destination',
  { timeout: 90_000 },
  () => {
    let registries: CourseRegistries;
    beforeAll(async () => {
      registries = await startCourseRegistries();
    });
    afterAll(() => registries[Symbol.asyncDispose]());

    /** It comes to its end, once, with the layer `extra` bytes more than once on the way at most. */
    const expectDone = async (course: Course, extra: number) => {
      expect(await course.copy()).toMatchObject({ state: 'done', doneRowCount: 1, failedRowCount: 0 });
      await course.expectWhole('new');
      await course.expectNoSecret();
      expect(manifestPuts(course)).toHaveLength(1);
      const wanted = course.image.blobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      const sent = sumSent(course.destination.requests.filter(isUploadData));
      expect(sent).toBeGreaterThanOrEqual(wanted);
      expect(sent).toBeLessThanOrEqual(wanted + extra);
    };

    it.each([1, 50, 99])(
      'resets an upload after %i hundredths gets that blob again and no other (FI12)',
      async (part) => {
        await using course = await startCourse(registries, { image: { layerMib: 4 } });
        const afterBytes = Math.floor((4 * MIB * part) / 100);
        course.destination.add({
          match: isUploadData,
          fault: { kind: 'reset-request', afterBytes: Math.max(afterBytes, 1024) },
          times: 1,
        });
        // This registry gives up an upload whose body broke off: that blob, and what lay in buffers on the way.
        await expectDone(course, 4 * MIB);
        expect(uploadsOf(course).toSorted()).toEqual(course.image.blobs.map(({ digest }) => digest).toSorted());
      },
    );

    it('takes a blob and loses the answer is asked, and sent nothing again (FI12)', async () => {
      await using course = await startCourse(registries);
      course.destination.add({ match: isUploadData, fault: { kind: 'lose-answer' }, times: 1 });
      await expectDone(course, 0);
      const lost = course.destination.requests.find((request) => isUploadData(request) && request.status === undefined);
      const digest = new URL(lost?.path ?? '', 'http://registry').searchParams.get('digest') ?? '?';
      expect(uploadsOf(course)).not.toContain(digest);
      const heads = course.destination.requests.filter(
        ({ method, path }) => method === 'HEAD' && path.includes(digest),
      );
      expect(heads.at(-1)).toMatchObject({ status: 200 });
    });

    it('forgets an upload gets that blob by a new one (FI13)', async () => {
      await using course = await startCourse(registries);
      const body = JSON.stringify({ errors: [{ code: 'BLOB_UPLOAD_UNKNOWN', message: 'blob upload unknown' }] });
      const headers = { 'content-type': 'application/json' };
      let forgotten: string | undefined;
      const isForgotten = (request: SeenRequest): boolean => {
        const [path = ''] = request.path.split('?');
        if (isUploadData(request)) forgotten ??= path;
        return path === forgotten;
      };
      course.destination.add({ match: isForgotten, fault: { kind: 'answer', status: 404, headers, body } });
      await expectDone(course, 0);
      expect(course.destination.requests.filter(isUploadStart).filter(({ status }) => status === 202)).toHaveLength(
        course.image.blobs.length + 1,
      );
      expect(uploadsOf(course).toSorted()).toEqual(course.image.blobs.map(({ digest }) => digest).toSorted());
    });

    it('takes the manifest and loses the answer is asked, and sent nothing again (FI14)', async () => {
      await using course = await startCourse(registries);
      course.destination.add({ match: (request) => isManifestPut(request), fault: { kind: 'lose-answer' }, times: 1 });
      await expectDone(course, 0);
      expect(uploadsOf(course)).toHaveLength(course.image.blobs.length);
    });

    it.each([
      ['naming it', true],
      ['naming nothing', false],
    ])(
      'misses a blob when the manifest comes, %s, gets it anew, and the manifest again (FI15)',
      async (_name, isNamed) => {
        await using course = await startCourse(registries);
        const [, layer] = course.image.blobs;
        const error = { code: 'MANIFEST_BLOB_UNKNOWN', message: 'blob unknown', ...(isNamed ? { detail: layer } : {}) };
        const fault = {
          kind: 'answer',
          status: 400,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ errors: [error] }),
        } as const;
        course.destination.add({ match: (request) => isManifestPut(request), fault, times: 1 });
        expect(await course.copy()).toMatchObject({ state: 'done', doneRowCount: 1 });
        await course.expectWhole('new');
        expect(manifestPuts(course).map(({ status }) => status)).toEqual([400, 201]);
        const all = course.image.blobs.map(({ digest }) => digest);
        const again = uploadsOf(course).slice(all.length);
        expect(uploadsOf(course).slice(0, all.length).toSorted()).toEqual(all.toSorted());
        expect(again.toSorted()).toEqual(isNamed ? [layer?.digest] : all.toSorted());
        await course.expectNoSecret();
      },
    );

    it('misses a blob for ever fails after it was sent twice, and the tag stays (FI15, I-TAG)', async () => {
      await using course = await startCourse(registries, { image: { layerCount: 1 } });
      const body = JSON.stringify({ errors: [{ code: 'MANIFEST_BLOB_UNKNOWN', message: 'blob unknown' }] });
      const headers = { 'content-type': 'application/json' };
      course.destination.add({
        match: (request) => isManifestPut(request),
        fault: { kind: 'answer', status: 400, headers, body },
      });
      expect(await course.copy()).toMatchObject({ state: 'failed', failedRowCount: 1 });
      expect(manifestPuts(course)).toHaveLength(2);
      expect(uploadsOf(course)).toHaveLength(course.image.blobs.length * 2);
      await course.expectWhole('old');
    });
  },
);

function manifestPuts({ destination }: Course) {
  return destination.requests.filter((request) => isManifestPut(request));
}
