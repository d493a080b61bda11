import { describe, expect, it } from 'vitest';
import { blobSource, patternBytes } from '#test/support/blob-source.ts';
import { password } from '#test/support/engine.ts';
import { engineAt, push, pushing } from '#test/support/pushing.ts';
import { type Arrival, type Interference, startUploadRegistry } from '#test/support/upload-registry.ts';

const MIB = 1024 * 1024;
const inChunks = (bytes: number) => ({ engine: { connection: { uploadChunkBytes: bytes } } });
const lengthOf = ({ headers }: Arrival) => Number(headers['content-length']);

/** Refuses bodies above a limit before it reads them, as nginx does. */
const limited = (bytes: number, status: number): Interference => {
  return (arrival) => (lengthOf(arrival) > bytes ? { status, headers: { connection: 'close' } } : undefined);
};

describe('a proxy that takes no large bodies', () => {
  it.each([
    ['nginx by default', MIB],
    ['a generous one', 5 * MIB],
  ])('is sent chunks that it takes: %s', async (_name, limit) => {
    const { outcome, registry, stored, source } = await pushing(8 * MIB, limited(limit, 413));
    expect(outcome).toBe('sent');
    expect(stored?.equals(source.bytes)).toBe(true);
    expect(registry.steps).toMatch(/^start close status chunk/);
  });

  it('is sent chunks from the start by then', async () => {
    await using registry = await startUploadRegistry({ interfere: limited(MIB, 413) });
    await using engine = engineAt(registry.host);
    await push(engine, blobSource(patternBytes(4 * MIB, 1)));
    const before = registry.arrivals.length;
    await push(engine, blobSource(patternBytes(4 * MIB, 2)));
    const steps = registry.arrivals.slice(before).map(({ step }) => step);
    expect(steps.join(' ')).toMatch(/^start (?:chunk )+close$/);
  });

  it('takes nothing at all is told so, after few tries', async () => {
    const { outcome, registry } = await pushing(8 * MIB, limited(10, 413));
    expect(outcome).toMatchObject({ failure: { kind: 'registry', status: 413 } });
    expect(registry.arrivals.length).toBeLessThan(30);
  });
});

describe('a registry that takes chunks in its own way', () => {
  it('as GHCR does, 416 above 4 MiB, is sent smaller ones (U04)', async () => {
    const ghcr: Interference = (arrival, self) => {
      if (arrival.step === 'close' && arrival.nth === 1) return self.breakAfter(arrival, MIB);
      return arrival.step === 'chunk' && lengthOf(arrival) > 4 * MIB ? { status: 416 } : undefined;
    };
    const { outcome, registry, stored, source } = await pushing(30 * MIB, ghcr);
    expect(outcome).toBe('sent');
    expect(stored?.equals(source.bytes)).toBe(true);
    const chunks = registry.arrivals.filter(({ step }) => step === 'chunk').map(lengthOf);
    expect(chunks.filter((bytes) => bytes > 4 * MIB)).toHaveLength(1);
  });

  it('as ECR does, 201 and nothing more than before, is sent the whole at once (U03)', async () => {
    const ecr: Interference = async (arrival, self) => {
      if (arrival.step !== 'chunk') return undefined;
      const id = /uploads\/(u\d+)/.exec(arrival.path)?.[1] ?? '';
      if (arrival.nth === 1) await self.behave(arrival);
      else await arrival.read();
      const bytes = self.sessions.get(id)?.bytes.length ?? 0;
      return { status: 201, headers: { location: `/v2/acme/web/blobs/uploads/${id}`, range: `0-${bytes - 1}` } };
    };
    const { outcome, registry, stored, source } = await pushing(5 * MIB, async (arrival, self) => {
      if (arrival.step === 'close' && arrival.nth === 1) return self.breakAfter(arrival, MIB);
      return ecr(arrival, self);
    });
    expect(outcome).toBe('sent');
    expect(stored?.equals(source.bytes)).toBe(true);
    const last = registry.arrivals.findLast(({ step }) => step === 'close')!;
    expect(lengthOf(last)).toBe(5 * MIB);
  });

  it.each([404, 405, 501])('as Google’s did, %i for chunks, is sent the whole at once', async (status) => {
    const gar: Interference = (arrival, self) => {
      if (arrival.step === 'close' && arrival.nth === 1) return self.breakAfter(arrival, MIB);
      return arrival.step === 'chunk' ? { status } : undefined;
    };
    const { outcome, stored, source } = await pushing(3 * MIB, gar);
    expect(outcome).toBe('sent');
    expect(stored?.equals(source.bytes)).toBe(true);
  });

  it('by asking for a least length gets it, whatever the person would like', async () => {
    const { outcome, registry } = await pushing(
      5 * MIB,
      async (arrival, self) => {
        if (arrival.step !== 'start') return undefined;
        const answer = await self.behave(arrival);
        return { ...answer, headers: { ...answer.headers, 'oci-chunk-min-length': String(2 * MIB) } };
      },
      inChunks(MIB),
    );
    expect(outcome).toBe('sent');
    const chunks = registry.arrivals.filter(({ step }) => step === 'chunk').map(lengthOf);
    expect(chunks).toEqual([2 * MIB, 2 * MIB, MIB]);
  });

  it('by saying it has less is sent that again, from there (U03)', async () => {
    const { outcome, registry, stored, source } = await pushing(
      4 * MIB,
      async (arrival, self) => {
        if (arrival.step !== 'chunk' || arrival.nth !== 2) return undefined;
        await self.behave(arrival);
        const session = [...self.sessions.values()][0]!;
        session.bytes = session.bytes.subarray(0, 300_000);
        return { status: 202, headers: { location: arrival.path, range: '0-299999' } };
      },
      inChunks(MIB),
    );
    expect(outcome).toBe('sent');
    expect(stored?.equals(source.bytes)).toBe(true);
    expect(registry.arrivals.filter(({ step }) => step === 'chunk')[2]?.headers['content-range']).toMatch(/^300000-/);
    expect(source.opened).toEqual([0, 0]);
  });

  it('by saying it has more than was sent is not believed (U03)', async () => {
    const { outcome, stored } = await pushing(
      4 * MIB,
      async (arrival, self) => {
        if (arrival.step !== 'chunk') return undefined;
        const answer = await self.behave(arrival);
        return { ...answer, headers: { ...answer.headers, range: `0-${4 * MIB - 1}` } };
      },
      inChunks(MIB),
    );
    expect(outcome).toMatchObject({ failure: { kind: 'protocol', reason: 'upload' } });
    expect(stored).toBeUndefined();
  });

  it('by saying nothing is asked, and by saying nothing then is sent the whole (U03)', async () => {
    const mute =
      (mayAsk: boolean): Interference =>
      async (arrival, self) => {
        if (arrival.step === 'close' && arrival.nth === 1) return self.breakAfter(arrival, MIB);
        if (arrival.step !== 'chunk' && !(arrival.step === 'status' && arrival.nth > 1 && !mayAsk)) return undefined;
        const { status, headers: { range: _range, ...headers } = {} } = await self.behave(arrival);
        return { status, headers };
      };
    const asked = await pushing(8 * MIB, mute(true));
    expect(asked.outcome).toBe('sent');
    expect(asked.registry.steps).toContain('chunk status chunk');
    const unasked = await pushing(8 * MIB, mute(false));
    expect(unasked.outcome).toBe('sent');
    expect(unasked.registry.steps).toMatch(/chunk status cancel start close$/);
  });

  it('by answering 416 for ever is given up after ten tries (U04)', async () => {
    const { outcome, registry } = await pushing(
      MIB,
      ({ step }) => (step === 'chunk' ? { status: 416 } : undefined),
      inChunks(MIB),
    );
    expect(outcome).toMatchObject({ failure: { kind: 'registry', status: 416 } });
    expect(registry.arrivals.filter(({ step }) => step === 'chunk').length).toBeLessThanOrEqual(11);
  });
});

describe('a token that expires', () => {
  /** Wants a token that is good for so many requests. */
  const shortLived = (uses: number): Interference => {
    let made = 0;
    let left = 0;
    return (arrival) => {
      if (arrival.path.startsWith('/token')) {
        made += 1;
        left = uses;
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ token: `t${made}` }),
        };
      }
      if (arrival.headers.authorization === `Bearer t${made}` && made > 0 && left > 0) {
        left -= 1;
        return undefined;
      }
      const challenge = 'Bearer realm="/token",service="s"';
      return { status: 401, headers: { 'www-authenticate': challenge, connection: 'close' } };
    };
  };

  it('before the body is renewed once, and the body sent from its beginning (FI09)', async () => {
    const { outcome, registry, stored, source } = await pushing(2 * MIB, shortLived(1), {
      engine: { credential: password('alice', 's3cret') },
    });
    expect(outcome).toBe('sent');
    expect(stored?.equals(source.bytes)).toBe(true);
    expect(registry.arrivals.filter(({ path }) => path.startsWith('/token'))).toHaveLength(2);
  });

  it('between chunks is renewed each time, and no chunk is lost or doubled (FI09)', async () => {
    const { outcome, registry, stored, source } = await pushing(6 * MIB, shortLived(2), {
      engine: { credential: password('alice', 's3cret'), connection: { uploadChunkBytes: MIB } },
    });
    expect(outcome).toBe('sent');
    expect(stored?.equals(source.bytes)).toBe(true);
    expect(registry.steps).not.toContain('status');
    expect(source.opened.every((start) => start % MIB === 0)).toBe(true);
  });

  it('asks for the right to push, and of the source of a mount for the right to pull (A11)', async () => {
    const { registry } = await pushing(1000, shortLived(100), {
      engine: { credential: password('alice', 's3cret') },
      call: { mountFrom: ['acme/base'] },
    });
    const scopes = registry.arrivals
      .filter(({ path }) => path.startsWith('/token'))
      .map(({ query }) => query.getAll('scope'));
    expect(scopes[0]).toEqual(['repository:acme/web:pull,push', 'repository:acme/base:pull']);
  });
});
