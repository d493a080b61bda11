import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf } from '#main/core/local-registry/store/blobs.ts';
import { openStore, type RegistryStore } from '#main/core/local-registry/store/registry-store.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import { makeTemporaryFolder } from '#test/support/local-registry.ts';

const ROUNDS = 15;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
beforeAll(async () => {
  folder = await makeTemporaryFolder();
});
afterAll(() => folder.remove());

/** Lets a writer push for a while, then kills it without warning. */
async function writeAndKill(afterMs: number): Promise<void> {
  const script = join(import.meta.dirname, 'kill-writer.ts');
  const child = spawn(process.execPath, [script, folder.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
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

test('a writer killed at any moment leaves whole blobs only, and a tag that names a whole image', async () => {
  await writeAndKill(400);
  for (let round = 0; round < ROUNDS; round++) {
    await writeAndKill(round * 7);
    const store = await openStore({ dir: folder.path, clock: { now: Date.now } });
    expect(await readdir(store.layout.temporaryDir)).toEqual([]);
    await expectWhole(store);
  }
  const later = await openStore({ dir: folder.path, clock: { now: () => Date.now() + 25 * 60 * 60 * 1000 } });
  expect(await readdir(later.layout.uploadsDir)).toEqual([]);
}, 120_000);
