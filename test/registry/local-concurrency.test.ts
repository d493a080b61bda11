import * as fc from 'fast-check';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BuiltContent, buildBlob, digestOfBytes } from '#main/core/local-registry/image-builder/content.ts';
import { buildArtifact, buildImage } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { pushContent } from '#test/support/push-content.ts';
import { type RawRequest, sendRaw } from '#test/support/raw-http.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry();
});
afterEach(() => registry.stop());
const send = (one: RawRequest) => sendRaw(registry.address, one);

const shared = buildLayer([{ path: 'base', type: 'file', content: 'base'.repeat(50_000) }]);
const image = (text: string) =>
  buildImage({
    platform: { os: 'linux', architecture: 'amd64' },
    created: '2026-01-01T00:00:00Z',
    steps: [
      { createdBy: 'ADD', layer: shared },
      { createdBy: 'COPY', layer: buildLayer([{ path: 'file', type: 'file', content: text }]) },
    ],
  });
const images = ['one', 'two', 'three', 'four'].map(image);

/** The manifest and each of its blobs, read by a client: all there, all hashing to their names. */
async function expectWhole(reference: string): Promise<string> {
  const got = await send({ path: `/v2/app/manifests/${reference}` });
  expect(got.status).toBe(200);
  const digest = digestOfBytes(got.body);
  expect(got.headers['docker-content-digest']).toBe(digest);
  for (const blob of images.find((one) => one.descriptor.digest === digest)?.blobs ?? []) {
    const read = await send({ path: `/v2/app/blobs/${blob.digest}` });
    expect([read.status, digestOfBytes(read.body)]).toEqual([200, blob.digest]);
  }
  return digest;
}
async function expectTidy(): Promise<void> {
  const { temporaryDir, uploadsDir } = registry.store.layout;
  expect([await readdir(temporaryDir), await readdir(uploadsDir)]).toEqual([[], []]);
}

describe('many clients at once', () => {
  test('the same blob by three ways of pushing is stored once, whole', async () => {
    const { bytes, digest } = buildBlob('the same bytes '.repeat(20_000));
    const uploads = '/v2/app/blobs/uploads/';
    const session = async () => (await send({ method: 'POST', path: uploads })).headers.location ?? '';
    const ways = [
      () => send({ method: 'POST', path: `${uploads}?digest=${digest}`, body: bytes }),
      async () => send({ method: 'PUT', path: `${await session()}?digest=${digest}`, body: bytes }),
      async () => {
        const path = await session();
        const half = bytes.length / 2;
        const patch = (from: number, to: number) =>
          send({
            method: 'PATCH',
            path,
            headers: { 'Content-Range': `${from}-${to - 1}` },
            body: bytes.subarray(from, to),
          });
        expect([(await patch(0, half)).status, (await patch(half, bytes.length)).status]).toEqual([202, 202]);
        return send({ method: 'PUT', path: `${path}?digest=${digest}` });
      },
    ];
    const answers = await Promise.all(Array.from({ length: 36 }, (_, index) => (ways[index % 3] ?? session)()));
    expect(answers.map((answer) => (typeof answer === 'string' ? 0 : answer.status))).toEqual(Array(36).fill(201));
    expect((await send({ path: `/v2/app/blobs/${digest}` })).body.equals(bytes)).toBe(true);
    expect(await readdir(`${registry.store.layout.blobsDir}/sha256`)).toHaveLength(1);
    await expectTidy();
  });

  test('a tag that many push names a whole image at every moment', async () => {
    await pushContent(registry.address, 'app', images[0] ?? image('one'), ['latest']);
    const known = images.map((one) => one.descriptor.digest);
    const pushers = Array.from({ length: 24 }, (_, index) =>
      pushContent(registry.address, 'app', images[index % images.length] ?? image('one'), ['latest']),
    );
    const readers = Array.from({ length: 4 }, async () => {
      const seen: string[] = [];
      for (let read = 0; read < 12; read += 1) seen.push(await expectWhole('latest'));
      return seen;
    });
    const [seen] = await Promise.all([Promise.all(readers), Promise.all(pushers)]);
    expect(known).toEqual(expect.arrayContaining([...new Set(seen.flat())]));
    expect(known).toContain(await expectWhole('latest'));
    await expectTidy();
  }, 60_000);
});

type Step =
  | { readonly act: 'push'; readonly which: number; readonly tag: string }
  | { readonly act: 'attach'; readonly which: number }
  | { readonly act: 'delete'; readonly which: number }
  | { readonly act: 'untag'; readonly tag: string }
  | { readonly act: 'collect' };

const which = fc.nat({ max: images.length - 1 });
const tag = fc.constantFrom('a', 'B', 'latest');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constant('push' as const), which, tag }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('attach' as const), which }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('delete' as const), which }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('untag' as const), tag }) },
  { weight: 1, arbitrary: fc.constant({ act: 'collect' as const }) },
);

const attachmentOf = (subject: BuiltContent) =>
  buildArtifact({ artifactType: 'a/b', files: [], subject: subject.descriptor });

async function take(one: Step): Promise<void> {
  const content = images['which' in one ? one.which : 0] ?? image('one');
  if (one.act === 'push') await pushContent(registry.address, 'app', content, [one.tag]);
  if (one.act === 'attach') await pushContent(registry.address, 'app', attachmentOf(content));
  // With no grace at all, so that what is being pushed may go under its pusher.
  if (one.act === 'collect') await registry.store.collectGarbage(-1);
  const reference = one.act === 'delete' ? content.descriptor.digest : one.act === 'untag' ? one.tag : undefined;
  if (reference === undefined) return;
  const { status } = await send({ method: 'DELETE', path: `/v2/app/manifests/${reference}` });
  expect([202, 404]).toContain(status);
}

test('whatever many clients do at once, with the sweep between them, what is listed is whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { minLength: 4, maxLength: 8 }),
      async (lanes) => {
        await Promise.all(
          lanes.map(async (steps) => {
            for (const one of steps) await take(one).catch(expectRefusal);
          }),
        );
        for (const listed of (await registry.store.listTags('app')) ?? []) await expectWhole(listed);
        for (const content of images) await expectReferrers(content);
        await expectTidy();
      },
    ),
    { numRuns: 12 },
  );
}, 240_000);

/** A push may be refused because a blob of it was swept, or a session's; nothing else may go wrong. */
function expectRefusal(error: unknown): void {
  expect(String(error)).toMatch(/: 404 .*"(?:MANIFEST_BLOB_UNKNOWN|MANIFEST_UNKNOWN)"/);
}

async function expectReferrers(subject: BuiltContent): Promise<void> {
  const path = `/v2/app/referrers/${subject.descriptor.digest}`;
  const { manifests } = JSON.parse((await send({ path })).body.toString()) as { manifests: { digest: string }[] };
  const attached = attachmentOf(subject).descriptor.digest;
  const there = await send({ path: `/v2/app/manifests/${attached}` });
  expect(manifests.map(({ digest }) => digest)).toEqual(there.status === 200 ? [attached] : []);
}
