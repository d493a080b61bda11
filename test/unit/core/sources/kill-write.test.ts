import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createArchiveDestination } from '#main/core/sources/create-archive-destination.ts';
import { blobCall, going, openForTest, readWhole, wholeOf } from '#test/support/archives.ts';
import { sha256 } from '#test/support/sha256.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { killImage } from './kill-image.ts';

/** Words of the writer after which it is killed: at the start, after some blobs, before and while it finishes. */
const MOMENTS = ['open', 'blob 1', 'blob 5', 'blob 12', 'manifests', 'manifests', 'manifests', 'manifests'];

/** Lets a writer work until it says a word, and a little longer; then kills it without warning. */
async function writeAndKill(path: string, format: string, word: string, afterMs: number): Promise<void> {
  const script = join(import.meta.dirname, 'kill-writer.ts');
  const child = spawn(process.execPath, [script, path, format], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let told = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    told += String(chunk);
    if (told.includes(`${word}\n`)) break;
  }
  child.stdout.resume();
  await wait(afterMs);
  child.kill('SIGKILL');
  await ended;
}

test.each(['oci-layout', 'oci-tar', 'docker-tar'] as const)(
  'FI16 killed while it writes an %s: nothing is at the path but the whole, and another goes on from what is there',
  async (format) => {
    const image = killImage();
    let resumed = 0;
    for (const [round, word] of MOMENTS.entries()) {
      const path = join(temporaryFolder(), 'images');
      await writeAndKill(path, format, word, round * 2);
      if (!existsSync(path)) {
        const destination = createArchiveDestination({ format, path, key: 'killed' });
        for (const { digest, bytes } of image.blobs) {
          if ((await destination.putBlob(blobCall(digest, bytes))) === 'present') resumed += 1;
        }
        for (const manifest of image.manifests) {
          await destination.putManifest({ reference: manifest.digest, manifest, ...going });
        }
        await destination.putManifest({ reference: 'acme/app:1', manifest: image.manifests.at(-1)!, ...going });
        await destination.finish(going);
      }
      const source = await openForTest(path);
      const found = await readWhole(source, 'acme/app:1');
      expect([...found.keys()].toSorted()).toEqual([...wholeOf(image).keys()].toSorted());
      for (const [digest, bytes] of found) expect(`sha256:${sha256(bytes)}`).toBe(digest);
      expect(readdirSync(dirname(path)).filter((name) => !name.endsWith('.log'))).toEqual(['images']);
    }
    expect(resumed).toBeGreaterThan(0);
  },
);
