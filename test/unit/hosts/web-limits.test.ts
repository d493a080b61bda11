import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw, sendRequest } from '#test/support/raw-request.ts';
import { startSmallWebServer, type SmallWebServer } from '#test/support/web-server.ts';

let server: SmallWebServer;
beforeAll(async () => {
  server = await startSmallWebServer();
});
afterAll(() => server.stop());

const MIB = 1024 * 1024;
const call = (headers: Record<string, string>, body: string) =>
  sendRequest(server.port, {
    method: 'POST',
    path: '/rpc/host/info',
    headers: { ...server.goodHeaders, ...headers },
    body,
  });

/** A JSON text of exactly so many bytes. */
const jsonOf = (size: number) => JSON.stringify('x'.repeat(size - 2));

async function open(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe('W08 a request that is too large', () => {
  it('is refused with 413 when it says so, before it is read', async () => {
    expect((await call({ 'Content-Length': String(MIB + 1) }, '{}')).status).toBe(413);
  });

  it('is refused with 413 when it does not say so', async () => {
    const body = jsonOf(2 * MIB);
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const lines = Object.entries(server.goodHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST /rpc/host/info HTTP/1.1\r\n${lines.join('')}Transfer-Encoding: chunked\r\n\r\n`;
    expect((await sendRaw(server.port, head + chunked)).status).toBe(413);
  });

  it('is read when it is of 1 MiB exactly', async () => {
    expect((await call({}, jsonOf(MIB))).status).not.toBe(413);
  });

  it('is refused with 431 when its headers are over 16 KiB', async () => {
    expect((await call({ 'X-Large': 'x'.repeat(17 * 1024) }, '{}')).status).toBe(431);
  });

  it('is refused before the token is given out when it claims two lengths', async () => {
    const smuggled = `POST /rpc/host/info HTTP/1.1\r\nHost: ${server.host}\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect((await sendRaw(server.port, smuggled)).status).toBe(400);
  });
});

describe('W08 slow and many connections', () => {
  it('are held to 64 at a time, and a freed place is given to the next', async () => {
    const sockets = await Promise.all(Array.from({ length: 64 }, open));
    for (const socket of sockets) socket.write('GET / HTTP/1.1\r\nX-Slow: ');
    const refused = await sendRequest(server.port, { headers: { Host: server.host } });
    expect(refused.status).toBe(0);
    await Promise.all(
      sockets.map(async (socket) => {
        const closed = once(socket, 'close');
        socket.destroy();
        await closed;
      }),
    );
    await expect
      .poll(async () => (await sendRequest(server.port, { headers: { Host: server.host } })).status)
      .toBe(200);
  });

  it('are cut off when headers do not come to an end', async () => {
    const socket = await open();
    socket.write(`GET / HTTP/1.1\r\nHost: ${server.host}\r\nX-Slow: `);
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    await once(socket, 'close');
    expect(received).toContain('408');
  });

  it('are cut off when a body does not come to an end', async () => {
    const impatient = await startSmallWebServer({ callMs: 50, silenceMs: 50 });
    const lines = Object.entries(impatient.goodHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST /rpc/host/info HTTP/1.1\r\n${lines.join('')}Content-Length: 10\r\n\r\n{`;
    expect((await sendRaw(impatient.port, head)).status).toBe(408);
    const page = `GET / HTTP/1.1\r\nHost: ${impatient.host}\r\nContent-Length: 10\r\n\r\n`;
    expect((await sendRaw(impatient.port, page)).status).toBe(200);
    await impatient.stop();
  });

  it('end with the server, streams included', async () => {
    const other = await startSmallWebServer();
    const lines = Object.entries(other.goodHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
    const stream = sendRaw(
      other.port,
      `POST /rpc/changes/watch HTTP/1.1\r\n${lines.join('')}Content-Length: 2\r\n\r\n{}`,
    );
    await expect.poll(() => other.watchers.open).toBe(1);
    await other.stop();
    expect((await stream).status).toBe(200);
    await expect.poll(() => other.watchers.closed).toBe(1);
  });
});

describe('a stream', () => {
  it('ends on the server when its reader goes away', async () => {
    const socket = await open();
    const lines = Object.entries(server.goodHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST /rpc/changes/watch HTTP/1.1\r\n${lines.join('')}Content-Length: 2\r\n\r\n{}`);
    const [first] = await once(socket, 'data');
    expect(String(first)).toContain('text/event-stream');
    const before = server.watchers.closed;
    socket.destroy();
    await expect.poll(() => server.watchers.closed).toBe(before + 1);
  });
});
