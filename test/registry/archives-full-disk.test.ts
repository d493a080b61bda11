import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildBlob } from '#main/core/local-registry/image-builder/content.ts';
import { createArchiveDestination } from '#main/core/sources/create-archive-destination.ts';
import { openArchive } from '#main/core/sources/open-archive.ts';
import { createOpenArchives } from '#main/core/sources/open-archives.ts';
import {
  blobCall,
  file,
  going,
  openForTest,
  putContent,
  readWhole,
  smallImage,
  tarFile,
  wholeOf,
} from '#test/support/archives.ts';
import { fillDisk, smallDisk } from '#test/support/small-disk.ts';
import { dockerSave } from '#test/support/docker-save.ts';

const { path: disk, isMounted } = smallDisk(2);

/** A folder of its own on the small disk, gone when the test ends. */
function folder(): string {
  const path = mkdtempSync(join(disk, 'test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const kept = buildBlob(Buffer.alloc(300_000, 'kept'));
const big = buildBlob(Buffer.alloc(4 * 1024 * 1024, 'big'));

describe.skipIf(!isMounted)('on a disk that is full', () => {
  test.each(['oci-layout', 'oci-tar', 'docker-tar'] as const)(
    'K01 FI18 an %s says so and what is kept, is not there, and goes on when there is room',
    async (format) => {
      const dir = folder();
      const path = join(dir, 'images');
      const first = createArchiveDestination({ format, path, key: 'job' });
      await first.putBlob(blobCall(kept.digest, kept.bytes));
      await expect(first.putBlob(blobCall(big.digest, big.bytes))).rejects.toMatchObject({
        kind: 'disk',
        reason: 'the disk is full',
        place: 'images',
        keptBytes: 300_000,
      });
      await first.close();
      expect(existsSync(path)).toBe(false);

      const second = createArchiveDestination({ format, path, key: 'job' });
      expect(await second.putBlob(blobCall(kept.digest, kept.bytes))).toBe('present');
      await second.discard();
      expect(readdirSync(dir)).toEqual([]);

      writeFileSync(join(disk, 'filler'), Buffer.alloc(2 * 1024 * 1024 - 200_000));
      const third = createArchiveDestination({ format, path, key: 'job' });
      await expect(third.putBlob(blobCall(kept.digest, kept.bytes))).rejects.toMatchObject({ kind: 'disk' });
      rmSync(join(disk, 'filler'));
      await putContent(third, smallImage(), ['acme/app:1']);
      await third.finish(going);
      await third.close();
      expect(await readWhole(await openForTest(path), 'acme/app:1')).toEqual(wholeOf(smallImage()));
    },
  );

  test('K01 neither decompressing an archive nor compressing a layer leaves anything', async () => {
    const dir = folder();
    const scratchDir = join(dir, 'scratch');
    const packed = tarFile([file('noise', Buffer.alloc(3 * 1024 * 1024, 'noise'))], 'packed.tar');
    writeFileSync(packed, gzipSync(Buffer.alloc(5 * 1024 * 1024)));
    await expect(openArchive(packed, { scratchDir, ...going })).rejects.toMatchObject({
      kind: 'disk',
      reason: 'the disk is full',
    });
    expect(readdirSync(join(scratchDir, 'inflated'))).toEqual([]);
    mkdirSync(join(scratchDir, 'compressed'));
    fillDisk(join(disk, 'filler'));
    const source = await openForTest(tarFile(dockerSave({})), scratchDir);
    await expect(source.getImage(0, going)).rejects.toMatchObject({ kind: 'disk', reason: 'the disk is full' });
    expect(readdirSync(join(scratchDir, 'compressed'))).toEqual([]);
    rmSync(join(disk, 'filler'));
    expect((await source.getImage(0, going)).digest).toMatch(/^sha256:/);
  });

  test('K01 an upload is told so, and may be sent again', async () => {
    const dir = join(folder(), 'archives');
    const archives = createOpenArchives({ dir, clock: { now: Date.now } });
    const upload = { name: 'x.tar', kind: 'file', sizeBytes: 4 * 1024 * 1024 } as const;
    await expect(archives.beginUpload(upload)).rejects.toMatchObject({ reason: 'there is too little room' });
    expect(readdirSync(join(dir, 'uploads'))).toEqual([]);
  });
});

describe.skipIf(!isMounted)('on a disk that is read-only', () => {
  test.each(['oci-layout', 'oci-tar', 'docker-tar'] as const)('FI19 an %s is refused by name', async (format) => {
    const path = join(folder(), 'images');
    spawnSync('mount', ['-o', 'remount,ro', disk]);
    const put = putContent(createArchiveDestination({ format, path, key: 'job' }), smallImage(), ['a:1']);
    const outcome = await put.catch((error: unknown) => error);
    spawnSync('mount', ['-o', 'remount,rw', disk]);
    expect(outcome).toMatchObject({ kind: 'disk', reason: 'the disk is read-only', place: 'images' });
  });
});
