import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '#main/core/content-digest.ts';
import { DigestMismatchError } from '#main/core/gantry-error.ts';
import type { NewManifest } from '#main/core/local-registry/store/manifests.ts';
import { openStore, type RegistryStore } from '#main/core/local-registry/store/registry-store.ts';
import {
  ContentMissingError,
  UploadRangeError,
  UploadUnknownError,
} from '#main/core/local-registry/store/store-error.ts';
import { makeTemporaryFolder } from '#test/support/local-registry.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let store: RegistryStore;
let nowMs = Date.now();
const open = () => openStore({ dir: folder.path, clock: { now: () => nowMs } });
beforeEach(async () => {
  nowMs = Date.now();
  folder = await makeTemporaryFolder();
  store = await open();
});
afterEach(() => folder.remove());

const bytesOf = (text: string) => Buffer.from(text);
const manifest = (text: string): NewManifest => ({
  bytes: bytesOf(text),
  digest: digestOf(bytesOf(text)),
  mediaType: 'a/b',
});
async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytesOf(text);
}
async function* broken(text: string): AsyncGenerator<Uint8Array> {
  yield bytesOf(text);
  throw new RangeError('connection lost');
}
async function readBlob(repository: string, text: string): Promise<string | undefined> {
  const stream = await store.openBlob(repository, digestOf(bytesOf(text)));
  return stream && Buffer.concat(await stream.toArray()).toString();
}

describe('blobs', () => {
  test('a blob is visible in the repository it was put in and in no other', async () => {
    const digest = await store.putBlob('one', bytesOf('layer'));
    expect(await store.statBlob('one', digest)).toEqual({ sizeBytes: 5 });
    expect(await store.statBlob('two', digest)).toBeUndefined();
    expect(await readBlob('one', 'layer')).toBe('layer');
  });

  test('a mount makes it visible, from a repository that has it only', async () => {
    const digest = await store.putBlob('one', bytesOf('layer'));
    expect(await store.mountBlob('two', digest, 'three')).toBe(false);
    expect(await store.mountBlob('two', digest, 'one')).toBe(true);
    expect(await store.mountBlob('four', digest)).toBe(true);
    expect(await store.statBlob('two', digest)).toEqual({ sizeBytes: 5 });
  });

  test('deleting it in one repository leaves the other alone', async () => {
    const digest = await store.putBlob('one', bytesOf('layer'));
    await store.mountBlob('two', digest, 'one');
    expect(await store.deleteBlob('one', digest)).toBe(true);
    expect(await store.deleteBlob('one', digest)).toBe(false);
    expect(await store.statBlob('one', digest)).toBeUndefined();
    expect(await readBlob('two', 'layer')).toBe('layer');
  });

  test('damaged bytes are absent, and putting them again heals them', async () => {
    const digest = await store.putBlob('one', bytesOf('layer'));
    await writeFile(store.layout.blob(digest), 'lay');
    expect(await store.statBlob('one', digest)).toBeUndefined();
    await store.putBlob('one', bytesOf('layer'));
    expect(await readBlob('one', 'layer')).toBe('layer');
  });

  test('damage that keeps the size is found by a store opened anew', async () => {
    const digest = await store.putBlob('one', bytesOf('layer'));
    await writeFile(store.layout.blob(digest), 'LAYER');
    store = await open();
    expect(await store.statBlob('one', digest)).toBeUndefined();
  });
});

describe('uploads', () => {
  const whole = 'first second';
  const digest = digestOf(bytesOf(whole));

  test('chunks make a blob', async () => {
    const { id } = await store.startUpload('one');
    await store.appendUpload('one', id, chunks('first'), 0);
    expect(await store.appendUpload('one', id, chunks(' '), 5)).toEqual({ id, receivedBytes: 6 });
    await store.finishUpload('one', id, digest, chunks('second'));
    expect(await readBlob('one', whole)).toBe(whole);
    await expect(store.uploadStatus('one', id)).rejects.toThrow(UploadUnknownError);
    expect(await readdir(store.layout.uploadsDir)).toEqual([]);
  });

  test('a chunk that does not begin at the end is refused and says where to go on', async () => {
    const { id } = await store.startUpload('one');
    await store.appendUpload('one', id, chunks('first'), 0);
    for (const at of [0, 4, 6]) {
      const attempt = store.appendUpload('one', id, chunks('x'), at);
      await expect(attempt).rejects.toMatchObject({ kind: 'conflict', receivedBytes: 5 });
      await expect(attempt).rejects.toThrow(UploadRangeError);
    }
  });

  test('what arrived before a break stays, and the session goes on, in a store opened anew as well', async () => {
    const { id } = await store.startUpload('one');
    await expect(store.appendUpload('one', id, broken('first'))).rejects.toThrow('connection lost');
    store = await open();
    expect(await store.uploadStatus('one', id)).toEqual({ id, receivedBytes: 5 });
    await store.finishUpload('one', id, digest, chunks(' ', 'second'));
    expect(await readBlob('one', whole)).toBe(whole);
  });

  test('a wrong digest ends the session and stores nothing', async () => {
    const { id } = await store.startUpload('one');
    await expect(store.finishUpload('one', id, digest, chunks('other'))).rejects.toThrow(DigestMismatchError);
    expect(await store.statBlob('one', digest)).toBeUndefined();
    expect(await readdir(store.layout.uploadsDir)).toEqual([]);
  });

  test('a sha512 digest is checked with sha512', async () => {
    const { id } = await store.startUpload('one');
    const long = digestOf(bytesOf(whole), 'sha512');
    await store.finishUpload('one', id, long, chunks(whole));
    expect(await store.statBlob('one', long)).toEqual({ sizeBytes: whole.length });
  });

  test('two writers in one session take turns, and the second is told its place is taken', async () => {
    const { id } = await store.startUpload('one');
    const results = await Promise.allSettled([
      store.appendUpload('one', id, chunks('first', ' second'), 0),
      store.appendUpload('one', id, chunks('first', ' second'), 0),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected']);
    await store.finishUpload('one', id, digest);
    expect(await readBlob('one', whole)).toBe(whole);
  });
});

describe('manifests and tags', () => {
  test('a manifest is found by tag and digest with its type and exact bytes', async () => {
    const one = manifest('{ "a": 1 }');
    await store.putManifest('team/app', one, ['v1']);
    expect(await store.resolveTag('team/app', 'v1')).toBe(one.digest);
    expect(await store.getManifest('team/app', one.digest)).toEqual({ ...one, bytes: bytesOf('{ "a": 1 }') });
    expect(await store.hasManifest('team', one.digest)).toBe(false);
    expect(await store.listRepositories()).toEqual(['team/app']);
  });

  test('deleting a tag keeps the manifest; deleting the manifest takes all its tags', async () => {
    const [one, two] = [manifest('1'), manifest('2')];
    for (const tag of ['a', 'b', 'C']) await store.putManifest('app', one, [tag]);
    await store.putManifest('app', two, ['other']);
    expect(await store.deleteTag('app', 'a')).toBe(true);
    expect(await store.deleteTag('app', 'a')).toBe(false);
    expect(await store.hasManifest('app', one.digest)).toBe(true);
    expect(await store.deleteManifest('app', one.digest)).toBe(true);
    expect(await store.deleteManifest('app', one.digest)).toBe(false);
    expect(await store.listTags('app')).toEqual(['other']);
    await store.deleteManifest('app', two.digest);
    expect(await store.listTags('app')).toBeUndefined();
    expect(await store.listRepositories()).toEqual([]);
  });

  test('tags that differ in case only, end in a dot or are device names on Windows are apart', async () => {
    const tags = ['latest', 'Latest', 'LATEST', 'v1.', 'v1', 'con', 'CON', 'aux.1', 'x'.repeat(128), 'X'.repeat(128)];
    for (const tag of tags) await store.putManifest('app', manifest(tag), [tag]);
    expect(await store.listTags('app')).toEqual(tags.toSorted());
    for (const tag of tags) expect(await store.resolveTag('app', tag)).toBe(manifest(tag).digest);
    const names = await readdir(store.layout.tagsDir('app'));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(tags.length);
  });

  test('repositories within repositories, and ones named like devices, are listed in order', async () => {
    for (const name of ['b', 'b/c', 'a/con/nul', 'b-c', 'a']) await store.putManifest(name, manifest(name), ['v1']);
    expect(await store.listRepositories()).toEqual(['a', 'a/con/nul', 'b', 'b-c', 'b/c']);
  });

  test('a tag pushed many times at once ends at one of them, whole', async () => {
    const versions = Array.from({ length: 20 }, (_, index) => manifest(`version ${index}`));
    await Promise.all(versions.map((version) => store.putManifest('app', version, ['latest'])));
    const digest = await store.resolveTag('app', 'latest');
    expect(versions.map((version) => version.digest)).toContain(digest);
    expect(await store.listTags('app')).toEqual(['latest']);
  });

  test('referrers are listed for their subject until they are deleted', async () => {
    const subject = manifest('subject');
    const one = manifest('referrer');
    const descriptor = { mediaType: 'a/b', digest: one.digest, size: 8, artifactType: 'x/y' };
    await store.putManifest('app', { ...one, refersTo: { subject: subject.digest, descriptor } });
    expect(await store.listReferrers('app', subject.digest)).toEqual([descriptor]);
    expect(await store.listReferrers('app', one.digest)).toEqual([]);
    await store.deleteManifest('app', one.digest);
    expect(await store.listReferrers('app', subject.digest)).toEqual([]);
  });
});

describe('what a manifest needs', () => {
  const absent = digestOf(bytesOf('absent'));

  test.each([
    ['blob', { blobs: [absent], manifests: [] }],
    ['manifest', { blobs: [], manifests: [absent] }],
  ] as const)('a manifest whose %s is not there is refused, and leaves nothing', async (what, needs) => {
    const one = manifest('index');
    const put = store.putManifest('app', { ...one, needs }, ['v1']);
    await expect(put).rejects.toMatchObject({ name: 'ContentMissingError', what, digest: absent });
    expect(await store.listRepositories()).toEqual([]);
    expect(await readdir(store.layout.blobsDir)).toEqual([]);
  });

  test('a blob of another repository does not count', async () => {
    const blob = await store.putBlob('other', bytesOf('layer'));
    const put = store.putManifest('app', { ...manifest('1'), needs: { blobs: [blob], manifests: [] } });
    await expect(put).rejects.toThrow(ContentMissingError);
  });
});

describe('referrers', () => {
  const subject = manifest('subject');
  const referrer = (text: string): NewManifest => {
    const one = manifest(text);
    const descriptor = { mediaType: 'a/b', digest: one.digest, size: text.length };
    return { ...one, refersTo: { subject: subject.digest, descriptor } };
  };
  const listed = async () => (await store.listReferrers('app', subject.digest)).map(({ digest }) => digest).toSorted();

  test('they outlive their subject, and may come before it', async () => {
    const one = referrer('one');
    await store.putManifest('app', one);
    await store.putManifest('app', subject, ['v1']);
    await store.deleteManifest('app', subject.digest);
    expect(await listed()).toEqual([one.digest]);
    await store.putManifest('app', subject, ['v1']);
    expect(await listed()).toEqual([one.digest]);
  });

  test('pushed and deleted by many at once, the list is what is there', async () => {
    const all = Array.from({ length: 16 }, (_, index) => referrer(`referrer ${index}`));
    await Promise.all(all.map((one) => store.putManifest('app', one)));
    const [odd, even] = [all.filter((_, index) => index % 2 === 1), all.filter((_, index) => index % 2 === 0)];
    await Promise.all([
      ...odd.map((one) => store.deleteManifest('app', one.digest)),
      ...even.map((one) => store.putManifest('app', one)),
    ]);
    expect(await listed()).toEqual(even.map(({ digest }) => digest).toSorted());
  });
});

describe('stale uploads', () => {
  test('go after a day without a write; one that is being written to stays', async () => {
    const [stale, kept, busy] = await Promise.all(['one', 'one', 'one'].map((name) => store.startUpload(name)));
    if (stale === undefined || kept === undefined || busy === undefined) throw new Error('no session');
    nowMs += DAY_MS + 60_000;
    const later = new Date(nowMs);
    await utimes(join(store.layout.uploadsDir, `${kept.id}.data`), later, later);
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield bytesOf('x');
      yield bytesOf('y');
      // As if the last chunk had come just now: the kernel's clock is not ours to move.
      await utimes(join(store.layout.uploadsDir, `${busy?.id}.data`), later, later);
    }
    const append = store.appendUpload('one', busy.id, slow());
    expect(await store.expireUploads()).toBe(1);
    expect(await append).toEqual({ id: busy.id, receivedBytes: 2 });
    await expect(store.uploadStatus('one', stale.id)).rejects.toThrow(UploadUnknownError);
    expect(await store.uploadStatus('one', kept.id)).toEqual({ id: kept.id, receivedBytes: 0 });
    expect(await store.expireUploads()).toBe(0);
  });
});

describe('opening', () => {
  test('removes temporary files of dead writers and sessions of yesterday, and nothing else', async () => {
    const alive = `${process.ppid}-alive`;
    for (const name of ['4194305-dead', 'garbage', alive]) await writeFile(join(store.layout.temporaryDir, name), 'x');
    const fresh = await store.startUpload('one');
    const stale = await store.startUpload('one');
    const old = new Date(nowMs - DAY_MS - 1000);
    for (const end of ['data', 'json']) await utimes(join(store.layout.uploadsDir, `${stale.id}.${end}`), old, old);
    await open();
    expect(await readdir(store.layout.temporaryDir)).toEqual([alive]);
    expect((await readdir(store.layout.uploadsDir)).toSorted()).toEqual([`${fresh.id}.data`, `${fresh.id}.json`]);
  });
});
