import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DiskError } from '#main/core/gantry-error.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import type { TransportEvent } from '#main/core/registry/transport/transport-event.ts';
import { blobSource, patternBytes } from '#test/support/blob-source.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { engineAt, push, pushing, repository } from '#test/support/pushing.ts';
import { type Interference, startUploadRegistry } from '#test/support/upload-registry.ts';
import { createTestClock, drive } from '#test/support/test-clock.ts';

const MIB = 1024 * 1024;

/** So often at one step, then as it should be. */
const failing = (step: string, times: number, reaction: Awaited<ReturnType<Interference>>): Interference => {
  return (arrival) => (arrival.step === step && arrival.nth <= times ? reaction : undefined);
};
const bytesSent = (arrivals: readonly { readonly step: string; readonly body: Buffer }[]): number =>
  arrivals.reduce((sum, { step, body }) => sum + (step === 'chunk' || step === 'close' ? body.length : 0), 0);

describe('a registry that is busy for a while', () => {
  it.each([500, 502, 503, 504].flatMap((status) => ['start', 'close'].map((step) => [status, step] as const)))(
    'with %i at the %s of an upload is sent to again (FI06)',
    async (status, step) => {
      const { outcome, stored, source } = await pushing(50_000, failing(step, 3, { status }));
      expect(outcome).toBe('sent');
      expect(stored?.equals(source.bytes)).toBe(true);
    },
  );

  it('with 503 at a chunk is gone on with from there (FI06)', async () => {
    const { outcome, registry, stored, source } = await pushing(10 * MIB, failing('chunk', 2, { status: 503 }), {
      engine: { connection: { uploadChunkBytes: 4 * MIB } },
    });
    expect(outcome).toBe('sent');
    expect(registry.steps).toBe('start chunk status chunk status chunk chunk chunk close');
    expect(stored?.equals(source.bytes)).toBe(true);
  });

  it('for ever is told in the end, and its session is closed (FI07)', async () => {
    const source = blobSource(patternBytes(10_000));
    await using registry = await startUploadRegistry({ interfere: failing('close', 1000, { status: 500 }) });
    await using engine = engineAt(registry.host, { transport: { retry: { transferTries: 4 } } });
    const error = await registryErrorOf(push(engine, source));
    expect(error.failure).toMatchObject({ kind: 'registry', status: 500 });
    await expect.poll(() => registry.sessions.size).toBe(0);
    // Four of the whole; then, since the registry takes chunks, of an empty one behind them.
    expect(registry.steps.match(/close/g)?.length).toBeLessThanOrEqual(8);
    expect(source.openCount()).toBe(0);
  });

  it('says when to come back, and everybody waits for that (FI08)', async () => {
    const clock = createTestClock();
    const busy = { status: 429, headers: { 'retry-after': '2' } };
    const source = blobSource(patternBytes(1000));
    await using registry = await startUploadRegistry({ interfere: failing('close', 1, busy) });
    await using engine = engineAt(registry.host, { clock });
    const pushed = push(engine, source);
    await expect.poll(() => engine.transport.scheduler.pauseOf(registry.host)?.reason).toBe('HTTP 429');
    const browsing = engine.client.headBlob({ repository, digest: source.descriptor.digest });
    await clock.settle();
    expect(registry.steps).toBe('start close');
    expect(await drive(clock, pushed)).toBe('sent');
    await drive(clock, browsing);
    expect(clock.sleeps).toContain(2000);
  });
});

describe('a connection lost in the middle of a body', () => {
  it.each([1, 25, 50, 99])('after %i hundredths is gone on with from what the registry has (FI12)', async (percent) => {
    const size = 8 * MIB;
    const at = Math.floor((size * percent) / 100);
    const { outcome, registry, stored, source } = await pushing(size, (arrival, self) =>
      arrival.step === 'close' && arrival.nth === 1 ? self.breakAfter(arrival, at) : undefined,
    );
    expect(outcome).toBe('sent');
    expect(stored?.equals(source.bytes)).toBe(true);
    const [, second] = registry.arrivals.filter(({ step }) => step === 'chunk' || step === 'close');
    expect(second?.headers['content-range']).toMatch(new RegExp(`^${at}-`));
    expect(registry.steps).toMatch(/^start close (?:head-blob )?status chunk (?:chunk )*close$/);
  });

  it('of which nothing arrived sends it whole once more, and only then in chunks (FI12)', async () => {
    const lost: Interference = (arrival, self) =>
      arrival.step === 'close' && arrival.nth <= 2 ? self.breakAfter(arrival, 0) : undefined;
    const { outcome, registry } = await pushing(4 * MIB, lost);
    expect(outcome).toBe('sent');
    // Whether it looks for the blob first depends on how much lay in buffers.
    const steps = registry.steps.replaceAll('head-blob ', '');
    expect(steps).toBe('start close status close status chunk chunk close');
  });

  it('of a chunk is gone on with from what the registry has (FI12)', async () => {
    const { outcome, registry, stored, source } = await pushing(
      9 * MIB,
      (arrival, self) => (arrival.step === 'chunk' && arrival.nth === 2 ? self.breakAfter(arrival, MIB) : undefined),
      { engine: { connection: { uploadChunkBytes: 3 * MIB } } },
    );
    expect(outcome).toBe('sent');
    expect(registry.arrivals.flatMap(({ headers }) => headers['content-range'] ?? [])).toEqual([
      `0-${3 * MIB - 1}`,
      `${3 * MIB}-${6 * MIB - 1}`,
      `${4 * MIB}-${7 * MIB - 1}`,
      `${7 * MIB}-${9 * MIB - 1}`,
    ]);
    expect(stored?.equals(source.bytes)).toBe(true);
  });

  it('after each megabyte and a half goes on for as long as it takes', async () => {
    const { outcome, stored, source } = await pushing(
      20 * MIB,
      (arrival, self) =>
        arrival.step === 'chunk' || (arrival.step === 'close' && arrival.nth === 1)
          ? self.breakAfter(arrival, 1.5 * MIB)
          : undefined,
      { engine: { transport: { retry: { transferTries: 3 } } } },
    );
    expect(outcome).toBe('sent');
    expect(stored?.equals(source.bytes)).toBe(true);
  });
});

describe('an answer that got lost', () => {
  it('after the blob was stored is made up for by looking (FI12)', async () => {
    const { outcome, registry, stored } = await pushing(100_000, async (arrival, self) => {
      if (arrival.step !== 'close') return undefined;
      await self.behave(arrival);
      arrival.socket.resetAndDestroy();
      return 'silence';
    });
    expect(outcome).toBe('sent');
    expect(registry.steps).toBe('start close head-blob');
    expect(stored).toHaveLength(100_000);
  });

  it('to the request that closes an upload of chunks is made up for by looking (FI12)', async () => {
    const { outcome, registry } = await pushing(
      2 * MIB,
      async (arrival, self) => {
        if (arrival.step !== 'close') return undefined;
        await self.behave(arrival);
        arrival.socket.resetAndDestroy();
        return 'silence';
      },
      { engine: { connection: { uploadChunkBytes: MIB } } },
    );
    expect(outcome).toBe('sent');
    expect(registry.steps).toBe('start chunk chunk close head-blob');
  });

  it('before the blob was stored means to go on (FI12)', async () => {
    const { outcome, registry } = await pushing(100_000, async (arrival, self) => {
      if (arrival.step !== 'close' || arrival.nth > 1) return undefined;
      return self.breakAfter(arrival, 100_000);
    });
    expect(outcome).toBe('sent');
    expect(registry.steps).toBe('start close head-blob status close');
    expect(bytesSent(registry.arrivals)).toBe(100_000);
  });

  it('to the start of an upload costs a second session', async () => {
    const { outcome, registry } = await pushing(1000, ({ step, nth, socket }) => {
      if (step !== 'start' || nth > 1) return undefined;
      socket.resetAndDestroy();
      return 'silence';
    });
    expect(outcome).toBe('sent');
    expect(registry.steps).toBe('start start close');
  });
});

describe('a session that is gone', () => {
  it.each(['close', 'chunk'])('at the %s is replaced, and the blob sent anew (FI13)', async (step) => {
    const connection = step === 'chunk' ? { uploadChunkBytes: MIB } : {};
    const { outcome, registry, stored, source } = await pushing(
      3 * MIB,
      (arrival, self) => {
        if (arrival.step !== step || arrival.nth !== (step === 'chunk' ? 2 : 1)) return undefined;
        self.sessions.clear();
        return { status: 404, body: JSON.stringify({ errors: [{ code: 'BLOB_UPLOAD_UNKNOWN' }] }) };
      },
      { engine: { connection } },
    );
    expect(outcome).toBe('sent');
    expect(registry.steps.match(/start/g)).toHaveLength(2);
    expect(stored?.equals(source.bytes)).toBe(true);
  });

  it('again and again is given up (U04)', async () => {
    const { outcome, registry } = await pushing(1000, failing('close', 1000, { status: 404 }));
    expect(outcome).toMatchObject({ kind: 'not-found' });
    expect(registry.steps.match(/start/g)?.length).toBeLessThanOrEqual(11);
  });
});

const broken = () => new RegistryError({ kind: 'network', reason: 'reset', host: 'source.test', detail: 'reset' });
const brokenAfter = (bytes: Buffer, error: Error) =>
  Readable.from(
    (async function* () {
      yield bytes;
      await Promise.resolve();
      throw error;
    })(),
    { objectMode: false },
  );

describe('a source', () => {
  it('that breaks off is read on from there, within the same request (FI01)', async () => {
    const bytes = patternBytes(2 * MIB);
    const source = blobSource(bytes, {
      give: (rest, startByte) => (startByte > 1_500_000 ? rest : brokenAfter(rest.subarray(0, 600_000), broken())),
    });
    await using registry = await startUploadRegistry();
    await using engine = engineAt(registry.host);
    expect(await push(engine, source)).toBe('sent');
    expect(source.opened).toEqual([0, 600_000, 1_200_000, 1_800_000]);
    expect(registry.steps).toBe('start close');
    expect(registry.blobs.get(source.descriptor.digest)?.equals(bytes)).toBe(true);
  });

  it('is opened once another upload to the repository is granted, and not before', async () => {
    const granted = Promise.withResolvers<undefined>();
    const holdFirst: Interference = async ({ step, nth }) => {
      if (step === 'start' && nth === 1) await granted.promise;
      return undefined;
    };
    const [first, second] = [blobSource(patternBytes(1000)), blobSource(patternBytes(1000, 2))];
    await using registry = await startUploadRegistry({ interfere: holdFirst });
    await using engine = engineAt(registry.host);
    await engine.client.ping();
    const waiting = push(engine, first);
    await expect.poll(() => registry.steps).toContain('start');
    expect(first.opened).toEqual([]);
    expect(await push(engine, second)).toBe('sent');
    expect(first.opened).toEqual([0]);
    granted.resolve(undefined);
    expect(await waiting).toBe('sent');
    expect(first.opened).toEqual([0]);
  });

  it('that ends early is read on, and told when it never brings the rest (FI02)', async () => {
    const bytes = patternBytes(100_000);
    const source = blobSource(bytes, {
      give: (rest, startByte) => (startByte === 0 ? rest.subarray(0, 60_000) : Buffer.alloc(0)),
    });
    await using registry = await startUploadRegistry();
    await using engine = engineAt(registry.host, { transport: { retry: { transferTries: 3 } } });
    const error = await registryErrorOf(push(engine, source));
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'truncated' });
    expect(source.opened).toEqual([0, 60_000, 60_000]);
    await expect.poll(() => registry.sessions.size).toBe(0);
  });

  it('that fails for good fails the push with its own error, and the registry is not blamed', async () => {
    const events: TransportEvent[] = [];
    const failure = new DiskError('EIO');
    const source = blobSource(patternBytes(100_000), {
      give: (rest) => brokenAfter(rest.subarray(0, 50_000), failure),
    });
    await using registry = await startUploadRegistry();
    await using engine = engineAt(registry.host, { observe: (event) => events.push(event) });
    await expect(push(engine, source)).rejects.toBe(failure);
    const blamed = events.filter((event) => event.kind === 'failed' && event.error.kind !== 'cancelled');
    expect(blamed).toEqual([]);
    expect(source.openCount()).toBe(0);
  });

  it('that cannot be opened fails the push with its own error', async () => {
    const failure = new DiskError('ENOENT');
    const source = { ...blobSource(patternBytes(1000)), open: () => Promise.reject(failure) };
    await using registry = await startUploadRegistry();
    await using engine = engineAt(registry.host);
    await expect(push(engine, source)).rejects.toBe(failure);
    await expect.poll(() => registry.sessions.size).toBe(0);
  });
});

describe('a registry that wastes time', () => {
  const timeouts = { connectMs: 500, headersMs: 300, idleBodyMs: 300, slowBodyMs: 600, commitMs: 400 };
  const outcomeOf = (interfere: Interference, sizeBytes: number) =>
    pushing(sizeBytes, interfere, { engine: { transport: { timeouts, retry: { transferTries: 1 } } } });

  it('by taking nothing of a body is given up (L01)', async () => {
    const stall: Interference = (arrival) => {
      if (arrival.step === 'close') arrival.socket.pause();
      return arrival.step === 'close' ? 'silence' : undefined;
    };
    const { outcome } = await outcomeOf(stall, 40 * MIB);
    expect(outcome).toMatchObject({ failure: { kind: 'network', reason: 'timeout' } });
  });

  it('by never answering after the last byte is given up (L01)', async () => {
    const { outcome } = await outcomeOf(({ step }) => (step === 'close' ? 'silence' : undefined), 1000);
    expect(outcome).toMatchObject({ failure: { kind: 'network', reason: 'timeout' } });
  });

  it('only as long as the body is not slow itself', async () => {
    const bytes = patternBytes(1000);
    const slow = blobSource(bytes, {
      give: (rest) =>
        Readable.from(
          (async function* () {
            yield rest.subarray(0, 500);
            await delay(4000);
            yield rest.subarray(500);
          })(),
          { objectMode: false },
        ),
    });
    await using registry = await startUploadRegistry();
    const bounds = { idleBodyMs: 1000, slowBodyMs: 2000 };
    await using engine = engineAt(registry.host, { transport: { timeouts: bounds } });
    expect(await push(engine, slow)).toBe('sent');
  });
});

describe('progress', () => {
  it('is told in bytes, goes back with the registry, and ends with the whole', async () => {
    const seen: number[] = [];
    const { outcome } = await pushing(
      4 * MIB,
      (arrival, self) => (arrival.step === 'close' && arrival.nth === 1 ? self.breakAfter(arrival, MIB) : undefined),
      { call: { onProgress: (bytes) => void seen.push(bytes) } },
    );
    expect(outcome).toBe('sent');
    expect(seen.at(-1)).toBe(4 * MIB);
    expect(seen.some((bytes, index) => index > 0 && bytes < seen[index - 1]!)).toBe(true);
  });
});
