import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLayerStore, type LayerStore } from '#main/core/layers/create-layer-store.ts';
import { saveFiles, type SaveWhat } from '#main/core/layers/extract/save-files.ts';
import { createOpenImages, type OpenImages } from '#main/core/layers/opened/open-images.ts';
import type { OpenedImage } from '#main/core/layers/opened/opened-image.ts';
import type { TarEntry } from '#main/core/local-registry/image-builder/tar.ts';
import type { RegistryClient } from '#main/core/registry/registry-client.ts';
import { createSystemClock } from '#main/core/system/system-clock.ts';
import { startEngine, type Engine } from '#test/support/engine.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import {
  makeTemporaryFolder,
  silentLogger,
  startTestRegistry,
  type TestRegistry,
} from '#test/support/local-registry.ts';
import { pushContent } from '#test/support/push-content.ts';
import { imageOf, listTree, unpackWithUmoci } from '#test/support/real-merge.ts';
import { run } from '#test/support/run.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';

const crane = findGoTool('crane');
const clock = createSystemClock();
const dir = (path: string): TarEntry => ({ path: `${path}/`, type: 'directory' });
const file = (path: string, content = path): TarEntry => ({ path, type: 'file', content });

const LAYERS: ReadonlyArray<readonly TarEntry[]> = [
  [
    dir('etc'),
    file('etc/passwd', 'root\n'),
    { path: 'etc/link', type: 'symlink', linkTo: 'passwd' },
    { path: 'etc/hard', type: 'hardlink', linkTo: 'etc/passwd' },
    dir('d'),
    file('d/gone'),
    file(`d/${'long'.repeat(40)}`, 'x'.repeat(70_000)),
    { path: 'd/setuid', type: 'file', content: '#!', mode: 0o4755, pax: { 'SCHILY.xattr.user.origin': 'here' } },
  ],
  [file('d/.wh.gone', ''), file('etc/passwd', 'root\nalice\n'), file('ünï', 'ü'), file('empty', '')],
  [{ path: 'etc/again', type: 'hardlink', linkTo: 'etc/hard' }, file('d/last', 'end')],
];

let registry: TestRegistry;
let engine: Engine;
let store: LayerStore;
let images: OpenImages;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;

beforeAll(async () => {
  registry = await startTestRegistry();
  engine = startEngine(registry.address);
  folder = await makeTemporaryFolder();
  store = createLayerStore({ folder: join(folder.path, 'layers'), limitBytes: 1 << 28, logger: silentLogger, clock });
  images = createOpenImages({ store, clientOf: async (): Promise<RegistryClient> => engine.client, clock });
});
afterAll(async () => {
  await store.close();
  await engine[Symbol.asyncDispose]();
  await registry.stop();
  await folder.remove();
});

async function openImage(layers = LAYERS): Promise<OpenedImage> {
  const content = imageOf(layers);
  await pushContent(registry.address, 'saved', content, ['image']);
  const target = { registryId: 'r', repository: 'saved', digest: content.descriptor.digest };
  for await (const event of images.open(target, new AbortController().signal)) void event;
  return images.get(target);
}

async function save(image: OpenedImage, what: SaveWhat, path: string, leaveOutUnsafe = false) {
  const saving = saveFiles({ image, what, path, leaveOutUnsafe, clock, signal: new AbortController().signal });
  let next = await saving.next();
  while (next.done !== true) next = await saving.next();
  return next.value;
}

describe('saving the merged file system', () => {
  it.skipIf(crane === undefined)('writes a tar that lists what crane exports', async () => {
    const image = await openImage();
    const path = join(temporaryFolder(), 'out.tar');
    const saved = await save(image, { kind: 'tar', path: '' }, path);
    const list = 'tar --quoting-style=literal --full-time --numeric-owner --utc -tv';
    const ours = (await run('sh', ['-c', `${list} -f '${path}'`])).split('\n').filter(Boolean);
    const command = `'${crane}' export --insecure ${registry.address}/saved:image - | ${list}`;
    const theirs = (await run('sh', ['-c', command])).split('\n').filter(Boolean);
    // Type, mode, owner, size, time, name and target of each; a folder is one without a slash behind it, too.
    const plain = (lines: readonly string[]) => lines.map((line) => line.replace(/\/$/, '')).toSorted();
    // crane takes a link to a file that a later layer replaces for a link to the new one; engines keep what it was.
    const isReplaced = (line: string) => /:00 etc\/hard(?: |$)/.test(line);
    expect(ours.filter(isReplaced)).toEqual([expect.stringMatching(/^-rw-r--r-- 0\/0 +5 .* etc\/hard$/)]);
    expect(theirs.filter(isReplaced)).toHaveLength(1);
    const others = (lines: readonly string[]) => plain(lines).filter((line) => !isReplaced(line));
    expect(others(ours)).toEqual(others(theirs));
    expect(saved).toMatchObject({ entryCount: ours.length, leftOutCount: 0, writtenBytes: (await stat(path)).size });
  });

  it.skipIf(!hasTools('umoci'))('unpacks to what umoci unpacks, hard links and bytes included', async () => {
    const image = await openImage();
    const out = temporaryFolder();
    await save(image, { kind: 'tar', path: '' }, join(out, 'out.tar'));
    await mkdir(join(out, 'root'));
    await run('tar', ['-xf', join(out, 'out.tar'), '-C', join(out, 'root')]);
    expect(listTree(join(out, 'root'))).toEqual(await unpackWithUmoci(imageOf(LAYERS)));
    expect(await readFile(join(out, 'root/etc/again'), 'utf8')).toBe('root\n');
    expect(await readFile(join(out, 'root/etc/passwd'), 'utf8')).toBe('root\nalice\n');
    expect((await readFile(join(out, 'root/d', 'long'.repeat(40)), 'utf8')).length).toBe(70_000);
  });

  it('writes a directory with its name in front, and extended attributes along', async () => {
    const path = join(temporaryFolder(), 'd.tar');
    await save(await openImage(), { kind: 'tar', path: 'd' }, path);
    const names = (await run('tar', ['-tf', path])).split('\n').filter(Boolean);
    expect(names.toSorted()).toEqual(['d/', 'd/last', `d/${'long'.repeat(40)}`, 'd/setuid'].toSorted());
    expect(await readFile(path, 'latin1')).toContain('SCHILY.xattr.user.origin=here\n');
  });

  it('writes what was there after a layer, without what later ones brought', async () => {
    const image = await openImage();
    const path = join(temporaryFolder(), 'out.tar');
    await save(image, { kind: 'tar', path: '', upToLayer: 0 }, path);
    const names = (await run('tar', ['-tf', path])).split('\n').filter(Boolean);
    const wanted = LAYERS[0]!.map((entry) => entry.path);
    expect(names.toSorted()).toEqual(wanted.toSorted());
    await save(image, { kind: 'file', path: 'etc/passwd', upToLayer: 0 }, path);
    expect(await readFile(path, 'utf8')).toBe('root\n');
  });

  it('refuses names that lead out, or leaves them out where it is told to (T05)', async () => {
    const image = await openImage([[file('ok'), file('../evil'), file('C:\\evil')]]);
    const path = join(temporaryFolder(), 'out.tar');
    await expect(save(image, { kind: 'tar', path: '' }, path)).rejects.toMatchObject({ reason: 'unsafe-path' });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
    const { leftOut, entryCount } = await save(image, { kind: 'tar', path: '' }, path, true);
    expect([entryCount, leftOut.map(({ reason }) => reason)]).toEqual([1, ['escaping-path', 'escaping-path']]);
    expect(await run('tar', ['-tf', path])).toBe('ok\n');
  });
});

describe('saving one file', () => {
  it('follows links in the image, writes mode 0600 and no mode bits of it (T11)', async () => {
    const path = join(temporaryFolder(), 'file');
    await save(await openImage(), { kind: 'file', path: 'etc/link' }, path);
    expect(await readFile(path, 'utf8')).toBe('root\nalice\n');
    await save(await openImage(), { kind: 'file', path: 'd/setuid' }, path);
    expect((await stat(path)).mode & 0o7777).toBe(0o600);
  });

  it('never writes through a link at the place, and leaves no other file behind (T06, T14)', async () => {
    const out = temporaryFolder();
    await writeFile(join(out, 'precious'), 'precious');
    await symlink('precious', join(out, 'file'));
    await save(await openImage(), { kind: 'file', path: 'd/last' }, join(out, 'file'));
    expect(await readFile(join(out, 'precious'), 'utf8')).toBe('precious');
    expect(await readFile(join(out, 'file'), 'utf8')).toBe('end');
    const refused = save(await openImage(), { kind: 'file', path: 'etc' }, join(out, 'other'));
    await expect(refused).rejects.toMatchObject({ reason: 'not-a-file' });
    expect((await readdir(out)).toSorted()).toEqual(['file', 'precious']);
  });
});
