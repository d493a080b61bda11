import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '#test/support/chaos-faults.ts';
import { startChaosProxy } from '#test/support/chaos-proxy.ts';
import { startDelayProxy } from '#test/support/delay-proxy.ts';
import { sendRaw } from '#test/support/raw-http.ts';

const BODY = Buffer.alloc(100_000, 'a');
let server: Server;
let target: string;
const heard: { readonly method: string; bytes: number; readonly range: string | undefined }[] = [];

beforeAll(async () => {
  server = createServer((message, response) => {
    const entry = { method: message.method ?? '', bytes: 0, range: message.headers.range };
    heard.push(entry);
    message.on('data', (chunk: Buffer) => void (entry.bytes += chunk.length));
    message.once('end', () => response.writeHead(200, { 'content-length': BODY.length }).end(BODY));
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

async function through(fault: Fault, request: Parameters<typeof sendRaw>[1] = { path: '/x' }) {
  await using proxy = await startChaosProxy(target);
  proxy.add({ match: () => true, fault, times: 1 });
  const before = heard.length;
  const outcome = await sendRaw(proxy.host, request).catch((error: Error & { code?: string }) => error.code);
  const again = await sendRaw(proxy.host, request);
  return { outcome, again: again.body.equals(BODY), heard: heard.slice(before, -1), seen: proxy.requests[0]! };
}

describe('the chaos proxy of the tests', () => {
  it('answers by itself, once', async () => {
    const { outcome, again, heard: asked } = await through({ kind: 'answer', status: 503 });
    expect(outcome).toMatchObject({ status: 503 });
    expect({ again, asked }).toEqual({ again: true, asked: [] });
  });

  it('resets an answer in the middle, and ends one cleanly with and without its length', async () => {
    const reset = await through({ kind: 'reset-response', afterBytes: 5000 });
    expect(reset.outcome).toBe('ECONNRESET');
    expect(reset.seen.responseBytes).toBe(5000);
    expect((await through({ kind: 'end-response', afterBytes: 5000, keepLength: true })).outcome).toBe('ECONNRESET');
    const cut = await through({ kind: 'end-response', afterBytes: 5000, keepLength: false });
    expect(cut.outcome).toMatchObject({ status: 200, body: BODY.subarray(0, 5000) });
  });

  it('breaks off a request in its middle, and loses an answer to one that was taken', async () => {
    const put = { path: '/x', method: 'PUT', body: BODY };
    const cut = await through({ kind: 'reset-request', afterBytes: 1 }, put);
    expect(cut.outcome).toBe('ECONNRESET');
    const lost = await through({ kind: 'lose-answer' }, put);
    expect(lost.outcome).toBe('ECONNRESET');
    expect(lost.heard).toMatchObject([{ method: 'PUT', bytes: BODY.length }]);
  });

  it('flips one bit, and hides the wish for a range', async () => {
    const { outcome } = await through({ kind: 'flip-bit', atByte: 70_000 });
    const got = typeof outcome === 'object' ? outcome.body : Buffer.alloc(0);
    expect(got.length).toBe(BODY.length);
    expect(got.reduce((count, byte, at) => count + (byte === BODY[at] ? 0 : 1), 0)).toBe(1);
    const ranged = await through({ kind: 'ignore-range' }, { path: '/x', headers: { range: 'bytes=5-' } });
    expect(ranged.heard).toMatchObject([{ range: undefined }]);
  });

  it('is away between down and up', async () => {
    await using proxy = await startChaosProxy(target);
    await proxy.down();
    await expect(sendRaw(proxy.host, { path: '/x' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.up();
    expect((await sendRaw(proxy.host, { path: '/x' })).status).toBe(200);
  });
});

describe('the far registry of the tests', () => {
  it('gives everything back whole', async () => {
    await using proxy = await startDelayProxy(target, 2);
    const answers = await Promise.all(
      [1, 2, 3].map(() => sendRaw(proxy.host, { path: '/x', method: 'PUT', body: BODY })),
    );
    expect(answers.map(({ body }) => body.equals(BODY))).toEqual([true, true, true]);
  });
});
