import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { assert, property, stringMatching, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOfBytes } from '#main/core/local-registry/image-builder/content.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { DEFAULT_MTIME, type TarEntry, writeTar } from '#main/core/local-registry/image-builder/tar.ts';

const ENTRIES: readonly TarEntry[] = [
  { path: 'etc/', type: 'directory' },
  {
    path: 'etc/motd',
    type: 'file',
    content: 'welcome\n',
    mode: 0o640,
    uid: 7,
    gid: 8,
    userName: 'web',
    groupName: 'www',
  },
  { path: 'usr/bin/su', type: 'file', content: 'x', mode: 0o4755 },
  { path: 'etc/link', type: 'symlink', linkTo: 'motd' },
  { path: 'etc/hard', type: 'hardlink', linkTo: 'etc/motd' },
  { path: `deep/${'long/'.repeat(40)}name.txt`, type: 'file', content: 'deep' },
  { path: 'ünï/çødé', type: 'file', content: 'unicode' },
];

/** What the system's tar says of an archive. */
function systemTar(tar: Uint8Array, ...args: readonly string[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'gantry-tar-'));
  try {
    writeFileSync(join(dir, 'a.tar'), tar);
    const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' };
    return execFileSync('tar', [...args, '-f', join(dir, 'a.tar')], { encoding: 'utf8', env });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

describe('writeTar', () => {
  test('the system reads back every path, link, mode and owner', () => {
    const tar = writeTar(ENTRIES);
    expect(systemTar(tar, '-t').trim().split('\n')).toEqual(ENTRIES.map((entry) => entry.path));
    const lines = systemTar(tar, '-tv').split('\n');
    expect(lines[1]).toMatch(/^-rw-r----- web\/www +8 2026-01-05 08:00/);
    expect(lines[2]).toMatch(/^-rwsr-xr-x root\/root/);
    expect(lines[3]).toContain('etc/link -> motd');
    expect(lines[4]).toContain('etc/hard link to etc/motd');
    expect(DEFAULT_MTIME).toBe(Date.parse('2026-01-05T08:00:00Z') / 1000);
  });

  test('the system reads back any content', () => {
    assert(
      property(uint8Array({ maxLength: 3000 }), stringMatching(/^[a-z]{1,150}$/), (content, path) => {
        const tar = writeTar([{ path, type: 'file', content }]);
        expect(tar.length % 512).toBe(0);
        expect(systemTar(tar, '-xO')).toBe(Buffer.from(content).toString('utf8'));
      }),
      { numRuns: 20 },
    );
  });

  test('pax records count their own length', () => {
    for (let length = 80; length < 110; length++) {
      const path = `${'p'.repeat(length)}ü`;
      expect(systemTar(writeTar([{ path, type: 'file' }]), '-t').trim()).toBe(path);
    }
  });
});

describe('buildLayer', () => {
  test('the diff id is the digest of the tar inside, whatever the compression', () => {
    const tar = writeTar(ENTRIES);
    const unpack = { gzip: gunzipSync, zstd: zstdDecompressSync, none: (bytes: Uint8Array) => Buffer.from(bytes) };
    for (const compression of ['gzip', 'zstd', 'none'] as const) {
      const layer = buildLayer(ENTRIES, { compression });
      expect(layer.diffId).toBe(digestOfBytes(tar));
      expect(unpack[compression](layer.blob.bytes).equals(tar)).toBe(true);
      expect(layer.descriptor).toMatchObject({
        digest: digestOfBytes(layer.blob.bytes),
        size: layer.blob.bytes.length,
      });
    }
  });

  test('the bytes of a gzip layer are the same on every machine', () => {
    const { digest } = buildLayer([
      { path: 'a', type: 'file', content: 'the same text, again and again, '.repeat(200) },
    ]).blob;
    expect(digest).toBe('sha256:a220c7e42bec19b044fb0c32b5f18c304f01d933a58427f0aba93db815202d50');
  });
});
