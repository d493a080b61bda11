import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Slabs } from '#main/core/layers/scan/slabs.ts';

const MIB = 1024 * 1024;

/** Chunks that are whole buffers each, as a socket gives them. */
function chunksOf(bytes: Buffer, chunkBytes: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    chunks.push(Buffer.from(Uint8Array.from(bytes.subarray(at, at + chunkBytes)).buffer));
  }
  return chunks;
}

describe('the slabs that carry a blob to its thread', () => {
  // However long a busy machine takes: no time passes but what a test says.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([64 * 1024, 100_003, 5 * MIB])('hand on every byte in order, from chunks of %i bytes', async (chunkBytes) => {
    const bytes = randomBytes(13 * MIB + 17);
    const sent: Buffer[] = [];
    const slabs: Slabs = new Slabs((slab, length) => {
      sent.push(Buffer.from(new Uint8Array(slab, 0, length)));
      setImmediate(() => slabs.giveBack(slab));
    });
    await slabs.fill(Readable.from(chunksOf(bytes, chunkBytes)));
    expect(Buffer.concat(sent).equals(bytes)).toBe(true);
  });

  it('hold the blob back while all of them are away, and go on when one is back', async () => {
    const bytes = randomBytes(9 * MIB);
    const away: ArrayBuffer[] = [];
    let sentBytes = 0;
    const slabs = new Slabs((slab, length) => {
      away.push(slab);
      sentBytes += length;
    });
    const blob = Readable.from(chunksOf(bytes, 64 * 1024));
    const filled = slabs.fill(blob);
    await expect.poll(() => blob.isPaused()).toBe(true);
    expect(sentBytes).toBe(6 * MIB);
    for (let given = 0; sentBytes < bytes.length; given += 1) {
      await expect.poll(() => away.length > given || blob.readableEnded).toBe(true);
      const slab = away[given];
      if (slab === undefined) break;
      slabs.giveBack(slab);
    }
    await filled;
    expect(sentBytes).toBe(bytes.length);
  });

  it('go on before they are full on a slow line, so that one is told of every piece', async () => {
    const lengths: number[] = [];
    const slabs: Slabs = new Slabs((slab, length) => {
      lengths.push(length);
      setImmediate(() => slabs.giveBack(slab));
    });
    const slow = async function* () {
      for (let index = 0; index < 5; index += 1) {
        vi.advanceTimersByTime(2000);
        yield Buffer.alloc(64 * 1024, index);
        await new Promise((resolve) => void setImmediate(resolve));
      }
    };
    await slabs.fill(Readable.from(slow()));
    expect(lengths).toEqual([1, 1, 1, 1, 1].map((each) => each * 64 * 1024));
  });

  it('give back the memory of what they copied, but of no buffer that holds more', async () => {
    const whole = chunksOf(randomBytes(MIB), MIB);
    const shared = randomBytes(MIB);
    const slabs = new Slabs(() => undefined);
    await slabs.fill(Readable.from([...whole, shared.subarray(0, 1000)]));
    expect(whole.map(({ buffer }) => buffer.byteLength)).toEqual([0]);
    expect(shared.length).toBe(MIB);
  });

  it('fail as the blob does', async () => {
    const broken = new Error('broken off');
    const blob = Readable.from(
      (function* () {
        yield Buffer.alloc(1000);
        throw broken;
      })(),
    );
    await expect(new Slabs(() => undefined).fill(blob)).rejects.toBe(broken);
  });
});
