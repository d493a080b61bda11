import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadUiFiles, type UiFiles } from '#main/hosts/ui-files.ts';

let dir: string;
let files: UiFiles;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'gantry-ui-'));
  mkdirSync(join(dir, 'assets'));
  for (const name of ['index.html', 'assets/a-1.js', 'assets/a-1.css', 'assets/a.woff2', 'assets/a-1.js.map', '.env']) {
    writeFileSync(join(dir, name), name);
  }
  symlinkSync('/etc/passwd', join(dir, 'assets/link.js'));
  files = await loadUiFiles(dir);
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('the files of the page', () => {
  it('have the type of their ending', () => {
    const types = ['/', '/index.html', '/assets/a-1.js', '/assets/a-1.css', '/assets/a.woff2'].map(
      (path) => files.find(path)?.headers['content-type'],
    );
    const html = 'text/html; charset=utf-8';
    expect(types).toEqual([html, html, 'text/javascript; charset=utf-8', 'text/css; charset=utf-8', 'font/woff2']);
  });

  it('are kept by the browser where their name holds a hash, else asked for each time', () => {
    expect(files.find('/assets/a-1.js')?.headers['cache-control']).toContain('immutable');
    expect(files.find('/')?.headers['cache-control']).toBe('no-store');
  });

  it.each([
    '/assets/a-1.js.map',
    '/.env',
    '/assets/link.js',
    '/assets',
    '/assets/../index.html',
    '/%69ndex.html',
    '//index.html',
    'index.html',
    '',
  ])('E2 do not include "%s"', (path) => {
    expect(files.find(path)).toBeUndefined();
  });

  it('are read once: what comes later is not served', async () => {
    writeFileSync(join(dir, 'assets/later.js'), '');
    expect(files.find('/assets/later.js')).toBeUndefined();
  });

  it('have to be built', async () => {
    await expect(loadUiFiles(join(dir, 'assets'))).rejects.toMatchObject({ kind: 'disk' });
    await expect(loadUiFiles(join(dir, 'none'))).rejects.toMatchObject({ kind: 'disk' });
  });
});
