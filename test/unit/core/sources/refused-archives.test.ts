import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type TarEntry, writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import { parseManifest } from '#shared/oci/manifest.ts';
import { file, going, openForTest, readBlob, tarFile } from '#test/support/archives.ts';
import { dockerSave } from '#test/support/docker-save.ts';
import { run } from '#test/support/run.ts';
import { sha256 } from '#test/support/sha256.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const refusal = (reason: string) => ({ name: 'ArchiveError', reason });

/** What is one block longer is another layer. */
const END = Buffer.alloc(512);
const list = (entry: object) => JSON.stringify([entry]);
const CONFIG = '{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}';

describe('a hostile tar of docker save (T16)', () => {
  it.each<[string, readonly TarEntry[], string]>([
    [
      'T16 a manifest.json of more than 8 MiB',
      [file('manifest.json', Buffer.alloc(8 * 1024 * 1024 + 1, ' '))],
      'too-large',
    ],
    ['T16 a config outside', [file('manifest.json', list({ Config: '../x', Layers: [] }))], 'bad-path'],
    [
      'T16 a config by an absolute path',
      [file('manifest.json', list({ Config: '/etc/passwd', Layers: [] }))],
      'bad-path',
    ],
    [
      'T16 a layer outside',
      [file('c.json', CONFIG), file('manifest.json', list({ Config: 'c.json', Layers: ['a/../../x'] }))],
      'bad-path',
    ],
    [
      'T16 a layer that is a link to a file of this machine',
      [...dockerSave({}), { path: 'x/layer.tar', type: 'symlink', linkTo: '/etc/passwd' }],
      'bad-path',
    ],
    [
      'T16 a link that leads out',
      [...dockerSave({}), { path: 'x/layer.tar', type: 'symlink', linkTo: '../../x' }],
      'bad-path',
    ],
    [
      'T16 a hard link that leads out',
      [...dockerSave({}), { path: 'x', type: 'hardlink', linkTo: '../x' }],
      'bad-path',
    ],
    [
      'T16 a link to itself',
      [file('c.json', CONFIG), { path: 'manifest.json', type: 'symlink', linkTo: 'manifest.json' }],
      'bad-path',
    ],
    ['T05 a name that leads out', [...dockerSave({}), file('../x', '')], 'bad-path'],
    ['T05 an absolute name', [...dockerSave({}), file('/x', '')], 'bad-path'],
    ['T05 a drive', [...dockerSave({}), file('C:x', '')], 'bad-path'],
    ['T05 a backslash', [...dockerSave({}), file('a\\..\\b', '')], 'bad-path'],
    ['T11 a named pipe', [...dockerSave({}), { path: 'pipe', type: 'fifo' }], 'bad-entry'],
    ['V14 two lists of one name', [...dockerSave({}), ...dockerSave({ names: ['other:1'] })], 'bad-entry'],
    [
      'V14 a file and a link of one name',
      [...dockerSave({}), { path: 'manifest.json', type: 'symlink', linkTo: 'x' }],
      'bad-entry',
    ],
    ['a key in another spelling', [file('manifest.json', '[{"config":"a","Config":"b","Layers":[]}]')], 'bad-document'],
    ['a list that is none', [file('manifest.json', '{}')], 'bad-document'],
    [
      'more images than anybody has',
      [file('manifest.json', `[${Array(1001).fill('{"Config":"c","Layers":[]}').join(',')}]`)],
      'bad-document',
    ],
    ['a config that is not there', [file('manifest.json', list({ Config: 'c.json', Layers: [] }))], 'missing-blob'],
    [
      'a layer that is not there',
      [
        file('c.json', CONFIG.replace('[]', `["sha256:${'a'.repeat(64)}"]`)),
        file('manifest.json', list({ Config: 'c.json', Layers: ['l'] })),
      ],
      'missing-blob',
    ],
    [
      'more layers than diff ids',
      [file('c.json', CONFIG), file('l', ''), file('manifest.json', list({ Config: 'c.json', Layers: ['l'] }))],
      'bad-document',
    ],
    [
      'a config that is not what its name says',
      [
        file(`${'a'.repeat(64)}.json`, CONFIG),
        file('manifest.json', list({ Config: `${'a'.repeat(64)}.json`, Layers: [] })),
      ],
      'damaged',
    ],
    [
      'M07 a config nested too deeply',
      [file('c.json', '['.repeat(5000)), file('manifest.json', list({ Config: 'c.json', Layers: [] }))],
      'bad-document',
    ],
    ['nothing of a known kind', [file('readme', 'hello')], 'not-an-archive'],
    ['a layer id that is none', [file('repositories', '{"a":{"1":"../x"}}')], 'bad-document'],
    [
      'a layer that is its own parent',
      [
        file('repositories', JSON.stringify({ a: { 1: 'b'.repeat(64) } })),
        file(`${'b'.repeat(64)}/json`, JSON.stringify({ parent: 'b'.repeat(64) })),
      ],
      'bad-document',
    ],
  ])('is refused for %s', async (_name, entries, reason) => {
    await expect(openForTest(tarFile(entries))).rejects.toMatchObject(refusal(reason));
  });

  it('is refused where a layer is not what its config says', async () => {
    const entries = dockerSave({}).map((entry) =>
      entry.path.endsWith('layer.tar')
        ? file(entry.path, Buffer.concat([Buffer.from(entry.content ?? ''), END]))
        : entry,
    );
    const source = await openForTest(tarFile(entries));
    await expect(source.getImage(0, going)).rejects.toMatchObject(refusal('damaged'));
  });

  it('M08 keeps a member named __proto__ of an old image where it is', async () => {
    const id = sha256('a');
    const path = tarFile([
      file(`${id}/json`, '{"id":"x","__proto__":{"polluted":true},"os":"linux","architecture":"amd64"}'),
      file(`${id}/layer.tar`, writeTar([])),
      file('repositories', `{"__proto__":{"1":"${id}"}}`),
    ]);
    const source = await openForTest(path);
    const manifest = await source.getImage(0, going);
    const parsed = parseManifest(manifest.bytes, manifest.mediaType);
    if (parsed.kind !== 'image') throw new Error(parsed.kind);
    const config = (await readBlob(source, parsed.config.digest, parsed.config.sizeBytes)).toString();
    expect(config).toContain('"__proto__":{"polluted":true}');
    expect({}).not.toHaveProperty('polluted');
    expect(source.contents.images[0]?.names).toEqual(['__proto__:1']);
  });
});

describe('what is no archive', () => {
  it.each<[string, Buffer, string]>([
    ['an empty file', Buffer.alloc(0), 'not-an-archive'],
    ['text', Buffer.from('hello '.repeat(500)), 'not-an-archive'],
    ['an empty tar', Buffer.alloc(10_240), 'not-an-archive'],
    ['a zip file', Buffer.from('PK\u0003\u0004'.padEnd(2000, 'x')), 'not-an-archive'],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2]), 'not-an-archive'],
    ['gzip of text', gzipSync('hello'), 'not-an-archive'],
    [
      'gzip that breaks off',
      gzipSync(Buffer.from(writeTar([file('a', 'b'.repeat(5000))]))).subarray(0, 60),
      'truncated',
    ],
    ['gzip that is none', Buffer.from([0x1f, 0x8b, 8, 0, ...Array(100).fill(7)]), 'damaged'],
    [
      'T04 zstd that breaks off',
      zstdCompressSync(writeTar([file('a', 'b'.repeat(5000))])).subarray(0, 30),
      'truncated',
    ],
  ])('is said to be so: %s', async (_name, bytes, reason) => {
    const path = join(temporaryFolder(), 'images.tar');
    writeFileSync(path, bytes);
    await expect(openForTest(path)).rejects.toMatchObject(refusal(reason));
  });

  it('T01 stops decompressing what grows beyond any archive, and leaves nothing behind', async () => {
    const path = join(temporaryFolder(), 'bomb.tar.gz');
    const scratch = temporaryFolder();
    // Members of gzip follow on one another: 300 MiB of zeros out of 300 kB.
    writeFileSync(path, Buffer.concat(Array<Buffer>(300).fill(gzipSync(Buffer.alloc(2 ** 20)))));
    await expect(openForTest(path, scratch)).rejects.toMatchObject(refusal('too-large'));
    await expect(run('find', [scratch, '-type', 'f'])).resolves.toBe('');
  });

  it('is a folder without oci-layout, and a place where nothing is', async () => {
    await expect(openForTest(temporaryFolder())).rejects.toMatchObject(refusal('not-an-archive'));
    await expect(openForTest('/nowhere/images.tar')).rejects.toMatchObject({ kind: 'disk', place: 'images.tar' });
  });

  it('T04 is a tar that was cut anywhere: no part of it is taken for the whole', async () => {
    const whole = tarFile(dockerSave({}));
    const size = readFileSync(whole).length;
    for (const length of [size - 512, size - 1024, size - 1025, Math.floor(size / 2), 5000, 512]) {
      const cut = join(temporaryFolder(), 'cut.tar');
      cpSync(whole, cut);
      truncateSync(cut, length);
      await expect(openForTest(cut)).rejects.toMatchObject(refusal('truncated'));
    }
  });
});
