import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { PieceReader } from '#main/core/registry/remote/upload/piece-reader.ts';

const KIB = 1024;
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
const lengths = (pieces: readonly Buffer[] | undefined) => pieces?.map(({ length }) => length);

describe('a piece reader', () => {
  it('takes all that lies ready together, waits for more, and then says that it is the end', async () => {
    const stream = new PassThrough();
    const reader = new PieceReader(stream);
    stream.write('ab');
    stream.write('c');
    await turn();
    expect(Buffer.concat((await reader.take()) ?? []).toString()).toBe('abc');
    const next = reader.take();
    await turn();
    stream.end('d');
    expect(Buffer.concat((await next) ?? []).toString()).toBe('d');
    expect(await reader.take()).toBeUndefined();
  });

  it('holds the stream back when half a mebibyte lies ready, and lets it go on when that is taken', async () => {
    const piece = Buffer.alloc(128 * KIB);
    let given = 0;
    const stream = new Readable({
      highWaterMark: 1,
      read() {
        given += 1;
        this.push(given > 12 ? null : piece);
      },
    });
    const reader = new PieceReader(stream);
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect(stream.isPaused()).toBe(true);
    const before = given;
    expect(before).toBeLessThan(8);
    expect(lengths(await reader.take())).toEqual(Array.from({ length: 4 }, () => piece.length));
    let bytes = 4 * piece.length;
    for (let taken = await reader.take(); taken !== undefined; taken = await reader.take()) {
      bytes += Buffer.concat(taken).length;
    }
    expect(bytes).toBe(12 * piece.length);
  });

  it('gives what came before a failure, then the failure', async () => {
    const stream = new PassThrough();
    const reader = new PieceReader(stream);
    stream.write('ab');
    await turn();
    stream.destroy(new Error('broken'));
    await turn();
    expect(Buffer.concat((await reader.take()) ?? []).toString()).toBe('ab');
    await expect(reader.take()).rejects.toThrow('broken');
    await expect(reader.take()).rejects.toThrow('broken');
  });

  it('fails a reader that waits when the stream is given up without an end', async () => {
    const stream = new PassThrough();
    const reader = new PieceReader(stream);
    const next = reader.take();
    reader.destroy();
    await expect(next).rejects.toThrow(/premature/i);
  });
});
