import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf } from '#main/core/content-digest.ts';
import { openStore, type RegistryStore } from '#main/core/local-registry/store/registry-store.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import { makeTemporaryFolder } from '#test/support/local-registry.ts';

const ROUNDS = 15;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
beforeEach(async () => {
  folder = await makeTemporaryFolder();
});
afterEach(() => folder.remove());

/** Lets a writer get as far as it says in a word, and go on for a while; then kills it without warning. */
async function writeAndKill(work: 'push' | 'manifests', afterMs: number, word = 'open'): Promise<void> {
  const script = join(import.meta.dirname, 'kill-writer.ts');
  const child = spawn(process.execPath, [script, folder.path, work], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    told += String(chunk);
    if (told.includes(word)) break;
  }
  await wait(afterMs);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Every stored blob hashes to its name, and what the tag names is there in full. */
async function expectWhole(store: RegistryStore): Promise<void> {
  const folderOfBlobs = join(store.layout.blobsDir, 'sha256');
  for (const name of await readdir(folderOfBlobs)) {
    expect(digestOf(await readFile(join(folderOfBlobs, name)))).toBe(`sha256:${name}`);
  }
  const tagged = await store.resolveTag('app', 'latest');
  const manifest = tagged && (await store.getManifest('app', tagged));
  const { layers } = JSON.parse(manifest?.bytes.toString() ?? '') as { layers: [{ digest: string; size: number }] };
  expect(await store.statBlob('app', parseDigest(layers[0].digest))).toEqual({ sizeBytes: layers[0].size });
}

/** Every tag names a manifest that is there, and a referrer is listed for its subject exactly when it is there. */
async function expectConsistent(store: RegistryStore): Promise<number> {
  for (const tag of (await store.listTags('app')) ?? []) {
    const digest = await store.resolveTag('app', tag);
    expect(digest !== undefined && (await store.hasManifest('app', digest))).toBe(true);
  }
  const expected = new Map<string, string[]>();
  const names = await readdir(dirname(store.layout.manifest('app', digestOf(Buffer.from('any')))));
  for (const digest of names.map((name) => parseDigest(`sha256:${name}`))) {
    const found = await store.getManifest('app', digest);
    expect(found && digestOf(found.bytes)).toBe(digest);
    const { subject } = JSON.parse(found?.bytes.toString() ?? '') as { subject?: { digest: string } };
    if (subject !== undefined) expected.set(subject.digest, [digest]);
    else if (!expected.has(digest)) expected.set(digest, []);
  }
  for (const [subject, digests] of expected) {
    const listed = await store.listReferrers('app', parseDigest(subject));
    expect(listed.map(({ digest }) => digest)).toEqual(digests);
  }
  return expected.size;
}

test('killed while manifests are put and deleted: tags, manifests and referrers agree', async () => {
  await writeAndKill('manifests', 0, 'round 9');
  let seen = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await writeAndKill('manifests', round * 11);
    seen += await expectConsistent(await openStore({ dir: folder.path, clock: { now: Date.now } }));
  }
  expect(seen).toBeGreaterThan(ROUNDS);
}, 240_000);

test('a writer killed at any moment leaves whole blobs only, and a tag that names a whole image', async () => {
  await writeAndKill('push', 0, 'round 3');
  for (let round = 0; round < ROUNDS; round++) {
    await writeAndKill('push', round * 7);
    const store = await openStore({ dir: folder.path, clock: { now: Date.now } });
    expect(await readdir(store.layout.temporaryDir)).toEqual([]);
    await expectWhole(store);
  }
  const later = await openStore({ dir: folder.path, clock: { now: () => Date.now() + 25 * 60 * 60 * 1000 } });
  expect(await readdir(later.layout.uploadsDir)).toEqual([]);
}, 240_000);
