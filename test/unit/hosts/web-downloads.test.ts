import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDownloads } from '#main/core/sources/downloads.ts';
import { contentDisposition } from '#main/hosts/web/content-disposition.ts';
import { going } from '#test/support/archives.ts';
import { sendRequest } from '#test/support/raw-request.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { startSmallWebServer, type SmallWebServer } from '#test/support/web-server.ts';

let server: SmallWebServer;
beforeAll(async () => {
  server = await startSmallWebServer();
});
afterAll(() => server.stop());

function offer(content = 'the bytes', fileName = 'images.tar'): string {
  const path = join(temporaryFolder(), 'kept.tar');
  writeFileSync(path, content);
  return server.downloads.offer({ path, fileName });
}

const get = (token: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  sendRequest(server.port, { method, path: `/download/${token}`, headers: { Host: server.host, ...headers } });

describe('a download', () => {
  it('is a file to be saved, whole, and nothing else', async () => {
    const answer = await get(offer());
    expect([answer.status, answer.body]).toEqual([200, 'the bytes']);
    expect({
      type: answer.header('content-type'),
      disposition: answer.header('content-disposition'),
      length: answer.header('content-length'),
      ranges: answer.header('accept-ranges'),
      cache: answer.header('cache-control'),
      sniff: answer.header('x-content-type-options'),
      policy: answer.header('content-security-policy'),
    }).toEqual({
      type: 'application/octet-stream',
      disposition: `attachment; filename="images.tar"; filename*=UTF-8''images.tar`,
      length: '9',
      ranges: 'none',
      cache: 'no-store',
      sniff: 'nosniff',
      policy: expect.stringContaining("default-src 'none'"),
    });
  });

  it('W05 is good once', async () => {
    const token = offer();
    expect((await get(token)).status).toBe(200);
    expect((await get(token)).status).toBe(404);
    expect((await get('x'.repeat(43))).status).toBe(404);
    expect((await get('..%2f..%2fetc%2fpasswd')).status).toBe(404);
  });

  it('gives no part of it', async () => {
    const answer = await get(offer(), { Range: 'bytes=4-' });
    expect([answer.status, answer.body]).toEqual([200, 'the bytes']);
  });

  it('W05 is not spent by a question, nor by another site', async () => {
    const token = offer();
    expect((await get(token, {}, 'HEAD')).status).toBe(405);
    expect((await get(token, {}, 'POST')).status).toBe(405);
    expect((await get(token, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await get(token, { 'Sec-Fetch-Site': 'same-site' })).status).toBe(403);
    expect((await get(token, { Origin: 'http://evil.example' })).status).toBe(403);
    expect((await get(token, { Host: 'evil.example' })).status).toBe(421);
    expect((await get(token, { 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
  });
});

describe('a link', () => {
  it('W05 is good for a minute', async () => {
    let now = 0;
    const downloads = createDownloads({ now: () => now });
    const path = join(temporaryFolder(), 'kept.tar');
    writeFileSync(path, 'x');
    const [early, late] = [downloads.offer({ path, fileName: 'a' }), downloads.offer({ path, fileName: 'b' })];
    now = 60_000;
    const taken = await downloads.take(early, going.signal);
    expect(taken).toMatchObject({ fileName: 'a', sizeBytes: 1 });
    taken?.stream.destroy();
    now = 60_001;
    expect(await downloads.take(late, going.signal)).toBeUndefined();
  });

  it('leads to no link, no folder and nothing that is gone', async () => {
    const downloads = createDownloads({ now: Date.now });
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'x');
    symlinkSync('file', join(folder, 'link'));
    mkdirSync(join(folder, 'folder'));
    for (const name of ['link', 'folder', 'gone']) {
      const token = downloads.offer({ path: join(folder, name), fileName: name });
      expect(await downloads.take(token, going.signal)).toBeUndefined();
    }
  });
});

describe('contentDisposition', () => {
  it.each([
    ['images.tar', `attachment; filename="images.tar"; filename*=UTF-8''images.tar`],
    ['a "b".tar', `attachment; filename="a _b_.tar"; filename*=UTF-8''a%20%22b%22.tar`],
    ['größe.tar', `attachment; filename="gr__e.tar"; filename*=UTF-8''gr%C3%B6%C3%9Fe.tar`],
    ['a\r\nX-Evil: 1', `attachment; filename="a__X-Evil: 1"; filename*=UTF-8''a__X-Evil%3A%201`],
    ['../etc/passwd', `attachment; filename=".._etc_passwd"; filename*=UTF-8''.._etc_passwd`],
    [`it's(1)!*.tar`, `attachment; filename="it's(1)!*.tar"; filename*=UTF-8''it%27s%281%29%21%2A.tar`],
    ['\ud800.tar', `attachment; filename="_.tar"; filename*=UTF-8''%EF%BF%BD.tar`],
  ])('names %j', (name, expected) => {
    expect(contentDisposition(name)).toBe(expected);
  });
});
