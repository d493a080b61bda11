import { describe, expect, it } from 'vitest';
import type { UploadSession } from '#main/core/registry/registry-client.ts';
import { type BlobSource, blobSource, patternBytes } from '#test/support/blob-source.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { engineAt, push, repository } from '#test/support/pushing.ts';
import {
  type Arrival,
  type Interference,
  startUploadRegistry,
  type UploadRegistry,
} from '#test/support/upload-registry.ts';

const MIB = 1024 * 1024;

describe('an upload that is gone on with by another process', () => {
  /** Sends half of a blob and stops; what a caller keeps of it. */
  const half = async (registry: UploadRegistry, source: BlobSource) => {
    await using engine = engineAt(registry.host);
    const kept: (UploadSession | undefined)[] = [];
    const controller = new AbortController();
    const onProgress = (bytes: number) => {
      if (bytes >= source.bytes.length / 2) controller.abort();
    };
    const onSession = (session: UploadSession | undefined) => void kept.push(session);
    const options = { signal: controller.signal, onProgress, onSession };
    const error = await registryErrorOf(push(engine, { ...source, ...options }));
    expect(error.kind).toBe('cancelled');
    await expect.poll(() => [...registry.sessions.values()][0]?.bytes.length).toBeGreaterThan(0);
    return kept;
  };

  it('sends only what is missing, and reads the rest to hash it (I-RES)', async () => {
    const source = blobSource(patternBytes(6 * MIB));
    await using registry = await startUploadRegistry();
    const kept = await half(registry, source);
    expect(kept).toHaveLength(1);
    const [session] = [...registry.sessions.values()];
    // What came before the cut stays with the registry.
    session!.bytes = source.bytes.subarray(0, 2 * MIB);
    const before = registry.arrivals.length;

    await using engine = engineAt(registry.host);
    const sessions: unknown[] = [];
    const again = blobSource(source.bytes);
    const call = { ...again, session: kept[0]!, onSession: (each: unknown) => void sessions.push(each) };
    expect(await push(engine, call)).toBe('sent');
    const later = registry.arrivals.slice(before);
    expect(later.map(({ step }) => step)).toEqual(['status', 'close']);
    expect(later[1]?.body).toHaveLength(4 * MIB);
    expect(later[1]?.headers['content-range']).toBe(`${2 * MIB}-${6 * MIB - 1}`);
    expect(again.opened).toEqual([0]);
    expect(registry.blobs.get(source.descriptor.digest)?.equals(source.bytes)).toBe(true);
    expect(sessions.at(-1)).toBeUndefined();
  });

  it('is closed with an empty request when the registry has everything', async () => {
    const source = blobSource(patternBytes(MIB));
    await using registry = await startUploadRegistry();
    const [kept] = await half(registry, source);
    [...registry.sessions.values()][0]!.bytes = source.bytes;
    await using engine = engineAt(registry.host);
    expect(await push(engine, { ...blobSource(source.bytes), session: kept! })).toBe('sent');
    const last = registry.arrivals.at(-1);
    expect([last?.step, last?.body.length]).toEqual(['close', 0]);
  });

  it('stays open when the bytes here are wrong', async () => {
    const source = blobSource(patternBytes(MIB));
    await using registry = await startUploadRegistry();
    const [kept] = await half(registry, source);
    [...registry.sessions.values()][0]!.bytes = source.bytes;
    const closes = registry.steps.match(/close/g)?.length;
    await using engine = engineAt(registry.host);
    const wrong = blobSource(Buffer.from(source.bytes).fill(0, 9, 11));
    const error = await registryErrorOf(push(engine, { ...wrong, descriptor: source.descriptor, session: kept! }));
    expect(error.kind).toBe('digest-mismatch');
    for (const { step, body } of registry.arrivals.filter((each) => each.step === 'close').slice(closes)) {
      expect([step, body.length]).toEqual(['close', expect.any(Number)]);
      expect(body.length).toBeLessThan(MIB);
    }
    expect(registry.blobs.size).toBe(0);
  });

  it.each([
    ['is over at the registry', (state: string) => state, true],
    ['is no session', () => 'nonsense', false],
    ['leads elsewhere', () => JSON.stringify({ version: 1, url: 'https://evil.test/', minChunkBytes: 0 }), false],
  ])('begins anew when what was kept %s', async (_name, change, isAsked) => {
    const source = blobSource(patternBytes(MIB));
    await using registry = await startUploadRegistry();
    const [kept] = await half(registry, source);
    registry.sessions.clear();
    const before = registry.arrivals.length;
    await using engine = engineAt(registry.host);
    expect(await push(engine, { ...blobSource(source.bytes), session: { state: change(kept!.state) } })).toBe('sent');
    const steps = registry.arrivals.slice(before).map(({ step }) => step);
    expect(steps).toEqual([...(isAsked ? ['status'] : []), 'start', 'close']);
  });
});

describe('a push that is cancelled', () => {
  const silent: Interference = ({ step }) => (step === 'close' ? 'silence' : undefined);

  it.each([
    ['while it waits for a session', ({ step }: Arrival) => (step === 'start' ? ('silence' as const) : undefined)],
    ['while it sends', silent],
  ])('%s frees everything at once (FI24)', async (_name, interfere) => {
    const controller = new AbortController();
    const source = blobSource(patternBytes(3 * MIB));
    await using registry = await startUploadRegistry({ interfere });
    await using engine = engineAt(registry.host);
    const pushed = registryErrorOf(push(engine, { ...source, signal: controller.signal }));
    await expect.poll(() => registry.steps).toMatch(/start$|close$/);
    controller.abort();
    expect((await pushed).kind).toBe('cancelled');
    await expect.poll(() => engine.transport.scheduler.load(registry.host)).toEqual({ active: 0, waiting: 0 });
    await expect.poll(() => source.openCount()).toBe(0);
    await expect.poll(() => registry.sessions.size).toBe(0);
  });

  it('leaves its session open for who keeps it, until it is told to close it', async () => {
    const controller = new AbortController();
    const source = blobSource(patternBytes(MIB));
    const kept: UploadSession[] = [];
    await using registry = await startUploadRegistry({ interfere: silent });
    await using engine = engineAt(registry.host);
    const onSession = (session: UploadSession | undefined) => void kept.push(session!);
    const pushed = registryErrorOf(push(engine, { ...source, signal: controller.signal, onSession }));
    await expect.poll(() => registry.steps).toMatch(/close$/);
    controller.abort();
    await pushed;
    expect(registry.steps).not.toContain('cancel');
    await engine.client.cancelUpload({ repository, session: kept[0]! });
    expect(registry.steps).toMatch(/cancel$/);
    await engine.client.cancelUpload({ repository, session: kept[0]! });
    await engine.client.cancelUpload({ repository, session: { state: 'nonsense' } });
  });
});
