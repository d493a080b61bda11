import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import { going } from '#test/support/archives.ts';
import { dockerSave } from '#test/support/docker-save.ts';
import { sendRaw, sendRequest } from '#test/support/raw-request.ts';
import { startSmallWebServer, type SmallWebServer } from '#test/support/web-server.ts';

let server: SmallWebServer;
beforeAll(async () => {
  server = await startSmallWebServer();
});
afterAll(() => server.stop());

const begin = (sizeBytes: number, kind: 'file' | 'folder' = 'file') =>
  server.archives.beginUpload({ name: 'images.tar', kind, sizeBytes });

const goodHeaders = () => ({ ...server.goodHeaders, 'Content-Type': 'application/octet-stream' });

type Part = { readonly path?: string; readonly headers?: Readonly<Record<string, string>>; readonly method?: string };

const put = (id: string, body: string, { path = 'images.tar', headers = {}, method = 'PUT' }: Part = {}) =>
  sendRequest(server.port, {
    method,
    path: `/upload/${id}?path=${encodeURIComponent(path)}`,
    headers: { ...goodHeaders(), ...headers },
    body,
  });

/** What has come of an upload, by its path in it. */
const received = (id: string) => {
  const folder = join(server.dir, 'archives/uploads', id);
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString());
};

describe('an upload', () => {
  it('is taken as a stream, and becomes an archive', async () => {
    const bytes = writeTar(dockerSave({}));
    const id = await begin(bytes.length);
    const lines = Object.entries(goodHeaders()).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`PUT /upload/${id}?path=x HTTP/1.1\r\n${lines.join('')}Content-Length: ${bytes.length}\r\n\r\n`);
    socket.write(bytes.subarray(0, 70_000));
    // What is there is on the disk before the rest has come.
    await expect.poll(() => received(id)[0]?.length).toBe(70_000);
    socket.write(bytes.subarray(70_000));
    const [answer] = await new Promise<Buffer[]>((resolve) => socket.once('data', (chunk) => resolve([chunk])));
    socket.destroy();
    expect(String(answer)).toMatch(/^HTTP\/1\.1 204 /);
    const { contents } = await server.archives.finishUpload(id, going);
    expect(contents).toMatchObject({ name: 'images.tar', format: 'docker-tar' });
    await server.archives.close(id);
  });

  it('may be a folder of files, chunked or of a known length', async () => {
    const id = await begin(10, 'folder');
    expect((await put(id, 'first', { path: 'blobs/sha256/a b' })).status).toBe(204);
    const lines = Object.entries(goodHeaders()).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `PUT /upload/${id}?path=index.json HTTP/1.1\r\n${lines.join('')}Connection: close\r\n`;
    const chunked = await sendRaw(server.port, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nother\r\n0\r\n\r\n`);
    expect(chunked.status).toBe(204);
    expect(received(id).toSorted()).toEqual(['first', 'other']);
  });

  it('W08 takes no byte more than was announced, keeps nothing of it, and says so in the words of the contract', async () => {
    const id = await begin(4);
    const answer = await put(id, 'x'.repeat(3 * 1024 * 1024));
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'archive', reason: 'too-large', archive: 'images.tar' });
    expect(received(id)).toEqual([]);
  });

  it.each(['../x', '/x', 'a/../../x', 'C:x', 'a\\b'])('T05 writes nothing at %s', async (path) => {
    const id = await begin(4, 'folder');
    const answer = await put(id, 'x', { path });
    expect([answer.status, JSON.parse(answer.body).reason]).toEqual([422, 'bad-path']);
    expect(received(id)).toEqual([]);
  });

  it('is refused for an id that is none, or a path that is missing or there twice', async () => {
    expect((await put('../../x', 'x')).status).toBe(404);
    expect(JSON.parse((await put('00000000-0000-4000-8000-000000000000', 'x')).body)).toMatchObject({
      kind: 'not-found',
      what: 'archive',
    });
    const id = await begin(4);
    const at = (query: string) =>
      sendRequest(server.port, { method: 'PUT', path: `/upload/${id}${query}`, headers: goodHeaders(), body: 'x' });
    expect((await at('')).status).toBe(404);
    expect((await at('?path=a&path=b')).status).toBe(404);
  });

  it('keeps nothing of a file whose page went away', async () => {
    const id = await begin(100);
    const lines = Object.entries(goodHeaders()).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`PUT /upload/${id}?path=x HTTP/1.1\r\n${lines.join('')}Content-Length: 100\r\n\r\nhalf`);
    await expect.poll(() => received(id)).toEqual(['half']);
    socket.destroy();
    await expect.poll(() => received(id)).toEqual([]);
    expect(server.logged.filter((line) => line.includes('error'))).toEqual([]);
  });

  it('W08 is cut off when the page falls silent', async () => {
    const impatient = await startSmallWebServer({ callMs: 30_000, silenceMs: 50 });
    const id = await impatient.archives.beginUpload({ name: 'x', kind: 'file', sizeBytes: 10 });
    const headers = { ...impatient.goodHeaders, 'Content-Type': 'application/octet-stream' };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `PUT /upload/${id}?path=x HTTP/1.1\r\n${lines.join('')}Content-Length: 10\r\n\r\nx`;
    expect((await sendRaw(impatient.port, head)).status).toBe(0);
    await expect.poll(() => readdirSync(join(impatient.dir, 'archives/uploads', id))).toEqual([]);
    await impatient.stop();
  });
});

describe('an upload from elsewhere', () => {
  it.each<[string, Part, number]>([
    ['W01 of another host name', { headers: { Host: 'evil.example' } }, 421],
    ['W02 of another origin', { headers: { Origin: 'http://evil.example' } }, 403],
    ['W02 of no origin', { headers: { Origin: 'null' } }, 403],
    ['W02 of another site', { headers: { 'Sec-Fetch-Site': 'cross-site' } }, 403],
    ['W03 without a token', { headers: { 'X-Gantry-Token': '' } }, 401],
    ['W03 with a wrong token', { headers: { 'X-Gantry-Token': 'x'.repeat(43) } }, 401],
    ['W04 as a form sends it', { headers: { 'Content-Type': 'text/plain' } }, 415],
    ['W04 as a form with a file sends it', { headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }, 415],
    ['W04 as JSON', { headers: { 'Content-Type': 'application/json' } }, 415],
    ['W04 with POST', { method: 'POST' }, 405],
    ['W04 with GET', { method: 'GET' }, 405],
    ['W04 asked for beforehand', { method: 'OPTIONS' }, 405],
  ])('%s is refused before anything is written', async (_name, part, status) => {
    const id = await begin(4);
    const answer = await put(id, 'x', part);
    expect(answer.status).toBe(status);
    expect(answer.header('access-control-allow-origin')).toBeUndefined();
    expect(received(id)).toEqual([]);
  });

  it('W02 without any Origin is refused', async () => {
    const id = await begin(4);
    const { Origin: _left, ...headers } = goodHeaders();
    const answer = await sendRequest(server.port, { method: 'PUT', path: `/upload/${id}?path=x`, headers, body: 'x' });
    expect([answer.status, received(id)]).toEqual([403, []]);
  });
});
