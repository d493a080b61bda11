import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ArchiveDestination, ArchiveFormat } from '#main/core/sources/archive.ts';
import { createArchiveDestination } from '#main/core/sources/create-archive-destination.ts';
import {
  blobCall,
  going,
  openForTest,
  putContent,
  readWhole,
  smallImage,
  smallIndex,
  wholeOf,
} from '#test/support/archives.ts';
import { run } from '#test/support/run.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const FORMATS = ['oci-layout', 'oci-tar', 'docker-tar'] as const;
const NAME = 'ghcr.io/acme/app:1.2';

function destinationAt(path: string, format: ArchiveFormat, key = 'job-1') {
  return closed(createArchiveDestination({ format, path, key }));
}

/** Closed when the test ends, whatever became of it. */
function closed(destination: ArchiveDestination): ArchiveDestination {
  onTestFinished(() => destination.close());
  return destination;
}

const somewhere = () => join(temporaryFolder(), 'images');
const sizes = (folder: string) => readdirSync(folder).map((name) => `${name} ${statSync(join(folder, name)).size}`);

describe.each(FORMATS)('a new %s', (format) => {
  it('reads back as what was put into it, and nothing is there before it is whole', async () => {
    const path = somewhere();
    const destination = destinationAt(path, format);
    const image = smallImage();
    expect(await destination.headManifest(NAME, going)).toBeUndefined();
    await putContent(destination, image, [NAME]);
    expect(readdirSync(dirname(path)).filter((name) => !name.startsWith('.gantry-'))).toEqual([]);
    await destination.finish(going);
    await destination.close();
    expect(readdirSync(dirname(path))).toEqual(['images']);
    const source = await openForTest(path);
    expect(source.contents.images).toMatchObject([{ names: [NAME], digest: image.descriptor.digest }]);
    expect(await readWhole(source, NAME)).toEqual(wholeOf(image));
  });

  it('is only for its owner, and makes nothing until something is written', async () => {
    const path = somewhere();
    const destination = destinationAt(path, format);
    const [blob] = smallImage().blobs;
    expect(
      await destination.hasBlob(
        { ...blobCall(blob!.digest, blob!.bytes).descriptor, annotations: [], urls: [] },
        going,
      ),
    ).toBe(false);
    await destination.close();
    expect(readdirSync(dirname(path))).toEqual([]);
    await putContent(destinationAt(path, format), smallImage(), []);
    for (const name of readdirSync(dirname(path))) expect(statSync(join(dirname(path), name)).mode & 0o077).toBe(0);
  });

  it('takes a blob once, and says so', async () => {
    const destination = destinationAt(somewhere(), format);
    const [blob] = smallImage().blobs;
    const call = blobCall(blob!.digest, blob!.bytes);
    expect(await destination.putBlob(call)).toBe('sent');
    expect(await destination.putBlob(call)).toBe('present');
    expect(await destination.hasBlob({ ...call.descriptor, annotations: [], urls: [] }, going)).toBe(true);
    await destination.discard();
  });

  it('B01 keeps no wrong bytes: not under a wrong digest, not too many, not too few', async () => {
    const path = somewhere();
    const destination = destinationAt(path, format);
    const image = smallImage();
    const [blob, other] = image.blobs;
    const wrong = { ...blobCall(blob!.digest, Buffer.from(blob!.bytes).fill(7)) };
    await expect(destination.putBlob(wrong)).rejects.toMatchObject({
      name: 'DigestMismatchError',
      expected: blob!.digest,
    });
    const short = { ...blobCall(other!.digest, other!.bytes), open: async () => Readable.from([]) };
    await expect(destination.putBlob(short)).rejects.toMatchObject({ name: 'ContentSizeError' });
    const long = {
      ...blobCall(other!.digest, other!.bytes),
      open: async () => Readable.from([other!.bytes, Buffer.from('x')]),
    };
    await expect(destination.putBlob(long)).rejects.toMatchObject({ name: 'ContentSizeError' });
    await putContent(destination, image, [NAME]);
    await destination.finish(going);
    expect(await readWhole(await openForTest(path), NAME)).toEqual(wholeOf(image));
  });

  it('leaves out a blob that never became whole, and closes its gap', async () => {
    const path = somewhere();
    const destination = destinationAt(path, format);
    const [lost] = smallImage('s390x').blobs;
    const half = lost!.bytes.subarray(0, 50);
    await destination.putBlob(blobCall(smallImage().blobs[1]!.digest, smallImage().blobs[1]!.bytes));
    const broken = { ...blobCall(lost!.digest, lost!.bytes), open: async () => breaking(half) };
    await expect(destination.putBlob(broken)).rejects.toThrow('connection lost');
    await putContent(destination, smallImage(), [NAME]);
    await destination.finish(going);
    expect(await readWhole(await openForTest(path), NAME)).toEqual(wholeOf(smallImage()));
    const names = format === 'oci-layout' ? await run('find', [path]) : await run('tar', ['-tf', path]);
    expect(names).not.toContain(lost!.digest.slice(7));
  });

  it('goes on where a broken source stopped, and tells how far it is', async () => {
    const destination = destinationAt(somewhere(), format);
    const [blob] = smallImage().blobs.slice(1);
    const starts: number[] = [];
    const progress: number[] = [];
    const call = {
      ...blobCall(blob!.digest, blob!.bytes),
      onProgress: (bytes: number) => progress.push(bytes),
      open: async (startByte: number) => {
        starts.push(startByte);
        return starts.length === 1
          ? breaking(blob!.bytes.subarray(0, 100))
          : Readable.from([blob!.bytes.subarray(startByte)]);
      },
    };
    await expect(destination.putBlob(call)).rejects.toThrow('connection lost');
    expect(await destination.putBlob(call)).toBe('sent');
    expect(starts).toEqual([0, 100]);
    expect(progress).toEqual([0, 100, 100, blob!.bytes.length]);
    await destination.discard();
  });

  it('is gone on with after a restart: what is there is not asked for again', async () => {
    const path = somewhere();
    const first = destinationAt(path, format);
    const image = smallIndex();
    const [done, ...rest] = image.blobs;
    await first.putBlob(blobCall(done!.digest, done!.bytes));
    await first.close();
    const second = destinationAt(path, format);
    const untouchable = { ...blobCall(done!.digest, done!.bytes), open: () => Promise.reject(new Error('asked for')) };
    expect(await second.putBlob(untouchable)).toBe('present');
    for (const { digest, bytes } of rest) await second.putBlob(blobCall(digest, bytes));
    await putContent(second, smallImage(), [NAME]);
    await second.finish(going);
    expect(await readWhole(await openForTest(path), NAME)).toEqual(wholeOf(smallImage()));
  });

  it('K03 finds out what has changed on the disk meanwhile, and writes it anew', async () => {
    const path = somewhere();
    const first = destinationAt(path, format);
    const image = smallImage();
    const big = image.blobs[1]!;
    await first.putBlob(blobCall(big.digest, big.bytes));
    await first.close();
    for (const file of (await run('find', [dirname(path), '-type', 'f', '-not', '-name', '*.log']))
      .trim()
      .split('\n')) {
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0x55, bytes.length - 40));
    }
    const second = destinationAt(path, format);
    expect(await second.putBlob(blobCall(big.digest, big.bytes))).toBe('sent');
    await putContent(second, image, [NAME]);
    await second.finish(going);
    expect(await readWhole(await openForTest(path), NAME)).toEqual(wholeOf(image));
  });

  it('K02 writes through no link that lies where its own files go', async () => {
    const path = somewhere();
    const victim = join(temporaryFolder(), 'victim');
    writeFileSync(victim, 'precious');
    const first = destinationAt(path, format);
    const [blob] = smallImage().blobs;
    const broken = { ...blobCall(blob!.digest, blob!.bytes), open: async () => breaking(blob!.bytes.subarray(0, 10)) };
    await expect(first.putBlob(broken)).rejects.toThrow('connection lost');
    await first.close();
    for (const file of (await run('find', [dirname(path), '-type', 'f'])).trim().split('\n')) {
      await run('ln', ['-sf', victim, file]);
    }
    const second = destinationAt(path, format);
    await putContent(second, smallImage(), [NAME]);
    await second.finish(going);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(await readWhole(await openForTest(path), NAME)).toEqual(wholeOf(smallImage()));
  });

  it('FI24 leaves nothing when it is given up', async () => {
    const path = somewhere();
    const destination = destinationAt(path, format);
    await putContent(destination, smallImage(), [NAME]);
    await destination.discard();
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it('stops when it is told to, and keeps what it has', async () => {
    const path = somewhere();
    const destination = destinationAt(path, format);
    const controller = new AbortController();
    const [blob] = smallImage().blobs.slice(1);
    const call = { ...blobCall(blob!.digest, blob!.bytes), signal: controller.signal };
    const endless = {
      ...call,
      open: async () => Readable.from(slowly(blob!.bytes, () => controller.abort(new Error('stopped')))),
    };
    await expect(destination.putBlob(endless)).rejects.toThrow('stopped');
    await destination.close();
    expect(sizes(dirname(path))).not.toEqual([]);
  });

  it('FI19 names the place where nothing may be written', async () => {
    const path = join(somewhere(), 'images');
    writeFileSync(dirname(path), 'a file');
    await expect(putContent(destinationAt(path, format), smallImage(), [NAME])).rejects.toMatchObject({
      kind: 'disk',
      reason: 'a part of the path is no folder',
      place: 'images',
    });
  });
});

function breaking(bytes: Uint8Array): Readable {
  return Readable.from(
    (async function* () {
      yield Buffer.from(bytes);
      throw new Error('connection lost');
    })(),
  );
}

async function* slowly(bytes: Uint8Array, then: () => void): AsyncGenerator<Buffer> {
  yield Buffer.from(bytes.subarray(0, 10));
  then();
  yield Buffer.from(bytes.subarray(10));
}
