import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ContentSizeError, DigestMismatchError } from '#main/core/gantry-error.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import type { BlobOutcome, ContentDestination, ContentSource } from '#main/core/transfer/ends.ts';
import { BlobBoard, type BlobProgress } from '#main/core/transfer/run/blob-board.ts';
import { copyBlob } from '#main/core/transfer/run/copy-blob.ts';
import { createLanes } from '#main/core/transfer/run/lanes.ts';
import { meteredBlob } from '#main/core/transfer/run/metered-blob.ts';
import { createThrottle } from '#main/core/transfer/run/throttle.ts';
import { digestOf } from '#test/support/oci-builder.ts';
import { createTestClock, drive } from '#test/support/test-clock.ts';

const reset = () => new RegistryError({ kind: 'network', reason: 'reset', host: 'a', detail: '' });
const signal = () => new AbortController().signal;
const settle = () => new Promise((resolve) => void setImmediate(resolve));
const content = Buffer.from('0123456789'.repeat(100));
const descriptor = { mediaType: 'm', digest: digestOf(content), sizeBytes: content.length, annotations: [], urls: [] };

describe('BlobBoard', () => {
  const digest = digestOf(Buffer.from('x'));
  const call = (work: () => Promise<BlobOutcome>, more: Partial<Parameters<BlobBoard['ensure']>[0]> = {}) => ({
    place: 'p',
    registry: { registryKey: 'r', repository: 'p' },
    digest,
    signal: signal(),
    report: () => undefined,
    work,
    ...more,
  });

  it('does the work once for all who need it at once, and tells them all how it goes', async () => {
    const board = new BlobBoard();
    const { promise, resolve } = Promise.withResolvers<BlobOutcome>();
    let works = 0;
    const told: BlobProgress[][] = [[], []];
    const ensure = (who: 0 | 1) =>
      board.ensure({
        ...call(() => promise),
        report: (progress) => void told[who]!.push(progress),
        work: ({ report }) => {
          works += 1;
          report({ state: 'sending', sentBytes: 7 });
          return promise;
        },
      });
    const both = [ensure(0), ensure(1)];
    await settle();
    expect(board.isUnderWay('p', digest)).toBe(true);
    resolve('sent');
    expect(await Promise.all(both)).toEqual(['sent', 'present']);
    expect(works).toBe(1);
    for (const each of told) expect(each).toContainEqual({ state: 'sending', sentBytes: 7 });
    expect(await board.ensure(call(() => Promise.reject(new Error('not again'))))).toBe('present');
  });

  it('does it again for another place, and after it was told that the blob is not there', async () => {
    const board = new BlobBoard();
    let works = 0;
    const work = () => Promise.resolve<BlobOutcome>(works++ >= 0 ? 'sent' : 'present');
    await board.ensure(call(work));
    await board.ensure(call(work, { place: 'q' }));
    board.forget('p', digest);
    await board.ensure(call(work));
    expect(works).toBe(3);
  });

  it('remembers nothing of a file, which may be gone with what was in it', async () => {
    const board = new BlobBoard();
    let works = 0;
    const work = () => Promise.resolve<BlobOutcome>(works++ >= 0 ? 'sent' : 'present');
    for (let time = 0; time < 2; time += 1) await board.ensure(call(work, { registry: undefined }));
    expect(works).toBe(2);
  });

  it('leaves when the work has let go of everything, and not before', async () => {
    const board = new BlobBoard();
    const stop = new AbortController();
    let hasLetGo = false;
    const work: Parameters<BlobBoard['ensure']>[0]['work'] = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          setImmediate(() => {
            hasLetGo = true;
            reject(signal.reason as Error);
          });
        });
      });
    const waiting = board.ensure({ ...call(() => Promise.resolve('sent')), signal: stop.signal, work });
    waiting.catch(() => undefined);
    await settle();
    stop.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    expect(hasLetGo).toBe(true);
  });

  it('lets one who waited try by itself when the other failed', async () => {
    const board = new BlobBoard();
    const failing = board.ensure(call(() => Promise.reject(new Error('my source is gone'))));
    const waiting = board.ensure(call(() => Promise.resolve('sent')));
    await expect(failing).rejects.toThrow('my source is gone');
    expect(await waiting).toBe('sent');
  });

  it('goes on for those who stay, and stops when the last has gone', async () => {
    const board = new BlobBoard();
    const [one, two] = [new AbortController(), new AbortController()];
    let stopped: unknown;
    const work: Parameters<BlobBoard['ensure']>[0]['work'] = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          stopped = signal.reason;
          reject(signal.reason as Error);
        });
      });
    const waits = [one, two].map(({ signal }) =>
      board.ensure({ ...call(() => Promise.resolve('sent')), signal, work }),
    );
    for (const each of waits) each.catch(() => undefined);
    await settle();
    one.abort(new Error('first leaves'));
    await expect(waits[0]).rejects.toThrow('first leaves');
    expect(stopped).toBeUndefined();
    const reason = new Error('last leaves');
    two.abort(reason);
    await expect(waits[1]).rejects.toBe(reason);
    expect(stopped).toBe(reason);
    expect(board.isUnderWay('p', digest)).toBe(false);
  });

  it('knows which other repositories of a registry have a blob, the newest first', async () => {
    const board = new BlobBoard();
    for (const repository of ['one', 'two', 'three', 'four', 'five']) {
      const registry = { registryKey: 'r', repository };
      await board.ensure(call(() => Promise.resolve('sent'), { place: repository, registry }));
    }
    expect(board.repositoriesWith({ registryKey: 'r', repository: 'five' }, digest)).toEqual(['four', 'three', 'two']);
    expect(board.repositoriesWith({ registryKey: 'other', repository: 'five' }, digest)).toEqual([]);
  });
});

describe('createThrottle', () => {
  it('lets everything pass at once while there is no limit', () => {
    expect(createThrottle(createTestClock()).pass(1e9, signal())).toBeUndefined();
  });

  it('spreads bytes over time, for all who read together', async () => {
    const clock = createTestClock();
    const throttle = createThrottle(clock);
    throttle.setLimit(1000);
    const started = clock.now();
    const readers = Array.from({ length: 5 }, async () => {
      for (let chunk = 0; chunk < 10; chunk += 1) await throttle.pass(100, signal());
    });
    await drive(clock, Promise.all(readers));
    expect(clock.now() - started).toBeGreaterThanOrEqual(4800);
    expect(clock.now() - started).toBeLessThanOrEqual(5200);
  });

  it('does not save up for what was not read', async () => {
    const clock = createTestClock();
    const throttle = createThrottle(clock);
    throttle.setLimit(1000);
    await clock.advance(60_000);
    const started = clock.now();
    const reading = (async () => {
      for (let chunk = 0; chunk < 10; chunk += 1) await throttle.pass(100, signal());
    })();
    await drive(clock, reading);
    expect(clock.now() - started).toBeGreaterThanOrEqual(800);
  });

  it('lets those go who wait when the limit is lifted, and stops for an abort', async () => {
    const clock = createTestClock();
    const throttle = createThrottle(clock);
    throttle.setLimit(1);
    const waiting = throttle.pass(1_000_000, signal());
    const stop = new AbortController();
    const aborted = throttle.pass(1_000_000, stop.signal);
    aborted?.catch(() => undefined);
    stop.abort(new Error('stop'));
    await expect(aborted).rejects.toThrow('stop');
    throttle.setLimit(0);
    await drive(clock, waiting ?? Promise.reject(new Error('was not held back')));
    expect(clock.sleeps.length).toBeGreaterThan(0);
  });
});

/** A source that breaks off after so many bytes, as often as it is told to. */
function breakingSource(
  breaks: number,
  options: { readonly after?: number; readonly error?: Error; readonly bytes?: Buffer } = {},
) {
  const { after = 300, error = reset(), bytes = content } = options;
  const starts: number[] = [];
  const source: Pick<ContentSource, 'openBlob'> = {
    openBlob: (_descriptor, { startByte }) => {
      starts.push(startByte);
      const isLast = starts.length > breaks;
      const pieces = async function* pieces() {
        yield await Promise.resolve(Buffer.from(bytes.subarray(startByte, isLast ? bytes.length : startByte + after)));
        if (!isLast) throw error;
      };
      return Promise.resolve(Readable.from(pieces(), { objectMode: false }));
    },
  };
  return { source, starts };
}

async function read(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('meteredBlob', () => {
  const open = (source: Pick<ContentSource, 'openBlob'>, startByte = 0) => {
    const clock = createTestClock();
    let count = 0;
    const breaks: unknown[] = [];
    const opening = meteredBlob({
      source,
      descriptor,
      throttle: createThrottle(clock),
      clock,
      onRead: (bytes) => (count += bytes),
      onBreak: (error) => breaks.push(error),
      onNote: () => undefined,
    })(startByte, signal());
    const reading = drive(clock, opening.then(read));
    return { reading, count: () => count, breaks };
  };

  it('goes on where a source broke off, within one stream', async () => {
    const { source, starts } = breakingSource(3);
    const { reading, count, breaks } = open(source);
    expect((await reading).equals(content)).toBe(true);
    expect([starts, count(), breaks.length]).toEqual([[0, 300, 600, 900], content.length, 3]);
  });

  it('begins where it is asked to', async () => {
    const { source, starts } = breakingSource(0);
    expect((await open(source, 400).reading).length).toBe(content.length - 400);
    expect(starts).toEqual([400]);
  });

  it('gives up on a source that gives nothing any more, after six tries', async () => {
    const { source, starts } = breakingSource(100, { after: 0 });
    await expect(open(source).reading).rejects.toMatchObject({ kind: 'network' });
    expect(starts).toHaveLength(6);
  });

  it('does not try again what would fail again', async () => {
    const { source, starts } = breakingSource(1, {
      error: new RegistryError({ kind: 'not-found', what: 'blob', codes: [] }),
    });
    await expect(open(source).reading).rejects.toMatchObject({ kind: 'not-found' });
    expect(starts).toHaveLength(1);
  });
});

describe('copyBlob', () => {
  const copy = async (
    put: ContentDestination['putBlob'],
    more: { readonly kind?: 'registry' | 'oci-tar'; readonly isKnownAbsent?: boolean; readonly has?: boolean } = {},
  ) => {
    const clock = createTestClock();
    const kind = more.kind ?? 'oci-tar';
    const asked: string[] = [];
    const notes: string[] = [];
    const states: string[] = [];
    const lanes = createLanes();
    const copying = copyBlob(
      {
        source: { ...breakingSource(0).source, kind: 'registry', name: 'a' } as ContentSource,
        destination: {
          kind,
          name: 'b',
          hasBlob: () => {
            asked.push('has');
            return Promise.resolve(more.has === true);
          },
          putBlob: (call: Parameters<typeof put>[0]) => {
            asked.push('put');
            return put(call);
          },
        } as unknown as ContentDestination,
        descriptor,
        isKnownAbsent: more.isKnownAbsent === true,
        mountFrom: [],
        session: { find: () => undefined, keep: () => undefined, drop: () => undefined },
        note: (text) => notes.push(text),
        onRead: () => undefined,
      },
      { lanes, throttle: createThrottle(clock), clock },
      { signal: signal(), report: ({ state }) => void (states.at(-1) === state || states.push(state)) },
    );
    copying.catch(() => undefined);
    const outcome = await drive(clock, copying).catch((error: unknown) => error);
    return { outcome, asked, notes, states, load: lanes.load('oci-tar b') };
  };
  const sent: ContentDestination['putBlob'] = async ({ open, onProgress }) => {
    const bytes = await read(await open(0, signal()));
    onProgress?.(bytes.length - 1);
    onProgress?.(bytes.length);
    return 'sent';
  };

  it('looks first, unless nothing was there a moment ago', async () => {
    expect(await copy(sent)).toMatchObject({ outcome: 'sent', asked: ['has', 'put'] });
    expect(await copy(sent, { isKnownAbsent: true })).toMatchObject({ outcome: 'sent', asked: ['put'] });
    expect(await copy(sent, { has: true })).toMatchObject({ outcome: 'present', asked: ['has'] });
  });

  it('tells how far it is, and gives its lane back', async () => {
    const { states, load } = await copy(sent);
    expect(states).toEqual(['queued', 'checking', 'sending', 'verifying']);
    expect(load).toEqual({ small: 0, large: 0, waiting: 0 });
  });

  it('FI05 brings damaged bytes into a file once more, and then says what is wrong', async () => {
    const damage = new DigestMismatchError(descriptor.digest, 'sha256:other');
    let puts = 0;
    const once = await copy((call) => (++puts === 1 ? Promise.reject(damage) : sent(call)));
    expect(once).toMatchObject({ outcome: 'sent' });
    expect(once.notes).toHaveLength(1);
    const always = await copy(() => Promise.reject(damage));
    expect(always.outcome).toBe(damage);
    expect(always.asked.filter((each) => each === 'put')).toHaveLength(2);
  });

  it('tries what broke off on its way into a file, and leaves that to the client of a registry', async () => {
    let puts = 0;
    const flaky: ContentDestination['putBlob'] = (call) => (++puts % 2 === 1 ? Promise.reject(reset()) : sent(call));
    expect(await copy(flaky)).toMatchObject({ outcome: 'sent' });
    puts = 0;
    expect((await copy(flaky, { kind: 'registry' })).outcome).toMatchObject({ kind: 'network' });
  });

  it('does not try again what would be the same again', async () => {
    const size = new ContentSizeError(5, 6);
    expect(await copy(() => Promise.reject(size))).toMatchObject({ outcome: size, asked: ['has', 'put'] });
  });
});
