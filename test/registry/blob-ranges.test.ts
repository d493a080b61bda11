import { text } from 'node:stream/consumers';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { blobSource, patternBytes } from '#test/support/blob-source.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { engineAt, repository } from '#test/support/pushing.ts';
import {
  type Answer,
  type Interference,
  startUploadRegistry,
  type UploadRegistry,
} from '#test/support/upload-registry.ts';

const SIZE = 400_000;
const bytes = patternBytes(SIZE);
const { descriptor: named } = blobSource(bytes);
const descriptor = { ...named, mediaType: 'x/y', annotations: [], urls: [] };

const holding = async (interfere: Interference): Promise<UploadRegistry> => {
  const registry = await startUploadRegistry({ interfere });
  registry.blobs.set(descriptor.digest, bytes);
  return registry;
};
const ranges = ({ arrivals }: UploadRegistry) => arrivals.map(({ headers }) => headers.range);

describe('openBlobAt', () => {
  it('gives the rest of a blob by Range', async () => {
    await using registry = await holding(() => undefined);
    await using engine = engineAt(registry.host);
    const { stream, startByte } = await engine.client.openBlobAt({ repository, descriptor, startByte: 150_000 });
    expect(startByte).toBe(150_000);
    expect((await buffer(stream)).equals(bytes.subarray(150_000))).toBe(true);
    expect(ranges(registry)).toEqual(['bytes=150000-']);
  });

  it('asks for nothing at its end, and refuses places that it does not have', async () => {
    await using registry = await holding(() => undefined);
    await using engine = engineAt(registry.host);
    const { stream } = await engine.client.openBlobAt({ repository, descriptor, startByte: SIZE });
    expect(await text(stream)).toBe('');
    for (const startByte of [-1, 0.5, SIZE + 1, Number.NaN]) {
      await expect(engine.client.openBlobAt({ repository, descriptor, startByte })).rejects.toMatchObject({
        kind: 'invalid-input',
      });
    }
    expect(registry.arrivals).toEqual([]);
  });

  const rest = bytes.subarray(150_000);
  const part = (range: string | readonly string[] | undefined, body = rest): Answer => ({
    status: 206,
    headers: range === undefined ? {} : { 'content-range': range },
    body,
  });
  it.each([
    ['200', { status: 200, body: bytes }, 1],
    ['416', { status: 416 }, 2],
    ['a 206 of another start', part('bytes 149999-399999/400000'), 2],
    ['a 206 that ends early', part('bytes 150000-399998/400000', rest.subarray(0, -1)), 2],
    ['a 206 of another size', part('bytes 150000-399999/400001'), 2],
    ['a 206 of no range', part(undefined), 2],
    ['a 206 of two ranges', part(['bytes 150000-399999/400000', 'bytes 150000-399999/400000']), 2],
    ['a 206 of another unit', part('lines 150000-399999/400000'), 2],
    ['a 206 whose length is another', part('bytes 150000-399999/400000', rest.subarray(0, 99)), 2],
    [
      'a 206 of several parts',
      { ...part('bytes 150000-399999/400000'), headers: { 'content-type': 'multipart/byteranges; boundary=x' } },
      2,
    ],
  ])('begins at 0 after %s, and joins nothing (B05, FI03, FI04)', async (_name, answer, requests) => {
    await using registry = await holding(({ nth }) => (nth === 1 ? answer : undefined));
    await using engine = engineAt(registry.host);
    const { stream, startByte } = await engine.client.openBlobAt({ repository, descriptor, startByte: 150_000 });
    expect(startByte).toBe(0);
    expect((await buffer(stream)).equals(bytes)).toBe(true);
    expect(registry.arrivals).toHaveLength(requests);
  });

  it('takes a size that is not told for the one it knows', async () => {
    await using registry = await holding(() => part('bytes 150000-399999/*'));
    await using engine = engineAt(registry.host);
    expect(await engine.client.openBlobAt({ repository, descriptor, startByte: 150_000 })).toMatchObject({
      startByte: 150_000,
    });
  });

  it.each([
    ['"strong"', '"strong"'],
    ['W/"weak"', undefined],
    ['"a"\r\nx: y', undefined],
  ])('sends the ETag %j as If-Range: %j', async (etag, sent) => {
    await using registry = await holding(() => undefined);
    await using engine = engineAt(registry.host);
    const { stream } = await engine.client.openBlobAt({ repository, descriptor, startByte: 9, etag });
    stream.destroy();
    expect(registry.arrivals[0]?.headers['if-range']).toBe(sent);
  });
});

/** Gives so many bytes of what is asked for and ends the connection; with a reset what was not read yet is lost. */
const cutAfter = (count: number, times: number, how: 'reset' | 'end' = 'end'): Interference => {
  return ({ step, nth, headers, socket }) => {
    if (step !== 'get-blob' || nth > times) return undefined;
    const from = Number(/\d+/.exec(headers.range ?? '0')?.[0]);
    const status = from === 0 ? '200 OK' : '206 Partial Content';
    const range = from === 0 ? '' : `Content-Range: bytes ${from}-${SIZE - 1}/${SIZE}\r\n`;
    socket.write(`HTTP/1.1 ${status}\r\nContent-Length: ${SIZE - from}\r\n${range}\r\n`);
    socket.write(bytes.subarray(from, from + count), () => (how === 'end' ? socket.end() : socket.resetAndDestroy()));
    return 'silence';
  };
};

describe('openBlob', () => {
  it.each([1, 25, 50, 99])('cut off after %i hundredths goes on from there (B04, FI01)', async (hundredths) => {
    const at = Math.floor((SIZE * hundredths) / 100);
    await using registry = await holding(cutAfter(at, 1, 'reset'));
    await using engine = engineAt(registry.host);
    const read = await buffer(await engine.client.openBlob({ repository, descriptor }));
    expect(read.equals(bytes)).toBe(true);
    // A reset throws away what has arrived and was not read yet: it goes on from what was.
    const [first, second] = ranges(registry);
    expect([first, registry.arrivals.length]).toEqual([undefined, 2]);
    expect(Number(/^bytes=(\d+)-$/.exec(second ?? 'bytes=0-')?.[1])).toBeLessThanOrEqual(at);
  });

  it('cut off by a clean end goes on from there, with a length and without (FI02)', async () => {
    for (const length of [`Content-Length: ${SIZE}\r\n`, 'Connection: close\r\n']) {
      await using registry = await holding(({ step, nth, socket }) => {
        if (step !== 'get-blob' || nth > 1) return undefined;
        socket.write(`HTTP/1.1 200 OK\r\n${length}\r\n`);
        socket.end(bytes.subarray(0, 1000));
        return 'silence';
      });
      await using engine = engineAt(registry.host);
      expect((await buffer(await engine.client.openBlob({ repository, descriptor }))).equals(bytes)).toBe(true);
      expect(ranges(registry)).toEqual([undefined, 'bytes=1000-']);
    }
  });

  it('from a registry without Range begins anew and hands out nothing twice (FI03)', async () => {
    const cut = cutAfter(300_000, 1);
    await using registry = await holding((arrival, self) =>
      arrival.nth === 1 ? cut(arrival, self) : { status: 200, body: bytes },
    );
    await using engine = engineAt(registry.host);
    expect((await buffer(await engine.client.openBlob({ repository, descriptor }))).equals(bytes)).toBe(true);
  });

  it('that never gets on is given up after a bounded number of tries', async () => {
    await using registry = await holding(cutAfter(0, 1000));
    await using engine = engineAt(registry.host);
    const stream = await engine.client.openBlob({ repository, descriptor, priority: 'background' });
    expect((await registryErrorOf(buffer(stream))).failure).toMatchObject({ kind: 'network' });
    expect(registry.arrivals.length).toBeLessThanOrEqual(12);
  });

  it('resumed with other content fails by its digest (B06)', async () => {
    const cut = cutAfter(1000, 1);
    await using registry = await holding((arrival, self) => {
      if (arrival.nth === 1) return cut(arrival, self);
      const range = `bytes 1000-${SIZE - 1}/${SIZE}`;
      return { status: 206, headers: { 'content-range': range }, body: patternBytes(SIZE - 1000, 9) };
    });
    await using engine = engineAt(registry.host);
    const stream = await engine.client.openBlob({ repository, descriptor });
    expect((await registryErrorOf(buffer(stream))).kind).toBe('digest-mismatch');
  });

  it('goes on with what its ETag names', async () => {
    await using registry = await holding(({ step, nth, socket }) => {
      if (step !== 'get-blob' || nth > 1) return undefined;
      socket.write(`HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: ${SIZE}\r\n\r\n`);
      socket.end(bytes.subarray(0, 1000));
      return 'silence';
    });
    await using engine = engineAt(registry.host);
    await buffer(await engine.client.openBlob({ repository, descriptor }));
    expect(registry.arrivals.map(({ headers }) => headers['if-range'])).toEqual([undefined, '"e"']);
  });

  it('is let go of at once by who destroys it or leaves, also while it waits to go on', async () => {
    await using registry = await holding(({ step, socket }) => {
      if (step !== 'get-blob') return undefined;
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${SIZE}\r\n\r\nx`);
      return 'silence';
    });
    await using engine = engineAt(registry.host);
    const controller = new AbortController();
    const { signal } = controller;
    const left = await engine.client.openBlob({ repository, descriptor, signal });
    const dropped = await engine.client.openBlob({ repository, descriptor });
    dropped.on('error', () => undefined).destroy();
    const error = registryErrorOf(buffer(left));
    controller.abort();
    expect((await error).kind).toBe('cancelled');
    await expect.poll(() => engine.transport.scheduler.load(registry.host)).toEqual({ active: 0, waiting: 0 });
  });
});

describe('getBlob', () => {
  it('resumed with other content is read once more as a whole (B06)', async () => {
    const cut = cutAfter(1000, 1);
    await using registry = await holding((arrival, self) => {
      if (arrival.nth === 1) return cut(arrival, self);
      if (arrival.nth > 2) return undefined;
      const range = `bytes 1000-${SIZE - 1}/${SIZE}`;
      return { status: 206, headers: { 'content-range': range }, body: patternBytes(SIZE - 1000, 9) };
    });
    await using engine = engineAt(registry.host);
    expect(Buffer.from(await engine.client.getBlob({ repository, descriptor })).equals(bytes)).toBe(true);
    expect(ranges(registry)).toEqual([undefined, 'bytes=1000-', undefined]);
  });
});

describe('headBlob', () => {
  it('says whether a blob is there, and its size', async () => {
    await using registry = await holding(() => undefined);
    await using engine = engineAt(registry.host);
    expect(await engine.client.headBlob({ repository, digest: descriptor.digest })).toEqual({ sizeBytes: SIZE });
    const other = blobSource(Buffer.from('other')).descriptor.digest;
    expect(await engine.client.headBlob({ repository, digest: other })).toBeUndefined();
  });

  it.each([
    [403, { kind: 'forbidden' }],
    [405, { kind: 'registry', status: 405 }],
  ])('leaves it open after %i', async (status, failure) => {
    await using registry = await holding(() => ({ status }));
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(engine.client.headBlob({ repository, digest: descriptor.digest }));
    expect(error.failure).toMatchObject(failure);
  });
});
