import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultDataDir, prepareDataDir } from '#main/hosts/data-dir.ts';

describe('the data folder', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'gantry-data-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const on = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}) =>
    defaultDataDir({ platform, env, homeDir: '/home/ann' });

  it('is where the system wants it', () => {
    expect(on('linux')).toBe('/home/ann/.local/share/gantry');
    expect(on('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/gantry');
    expect(on('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/ann/.local/share/gantry');
    expect(on('darwin')).toBe('/home/ann/Library/Application Support/Gantry');
    expect(on('win32', { LOCALAPPDATA: '/local' })).toBe('/local/Gantry');
  });

  it('is made for its owner only, also where it was open before', () => {
    const made = prepareDataDir(join(dir, 'a/b'));
    expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(statSync(prepareDataDir(join(dir, 'a'))).mode & 0o777).toBe(0o700);
  });

  it('is an error of the disk when it cannot be made', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(() => prepareDataDir(join(dir, 'file/below'))).toThrow(expect.objectContaining({ kind: 'disk' }));
  });
});
