import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { findGoTool } from '#test/support/go-tools.ts';
import { type Listing, listWithGantry, listWithGnuTar } from '#test/support/gnu-tar.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';

const crane = findGoTool('crane');

/** A tree with what tar formats differ in; `isRich` for what some of them have no place for. */
function makeTree(isRich: boolean): string {
  const root = join(temporaryFolder(), 'tree');
  const at = (path: string) => join(root, path);
  mkdirSync(at('usr/bin'), { recursive: true });
  mkdirSync(at('empty'), { mode: 0o700 });
  writeFileSync(at('usr/bin/tool'), Buffer.alloc(70_000, 'tool'));
  chmodSync(at('usr/bin/tool'), 0o4755);
  writeFileSync(at('block'), Buffer.alloc(512, 1));
  writeFileSync(at('nothing'), '');
  chmodSync(at('empty'), 0o1777);
  symlinkSync('usr/bin/tool', at('link'));
  linkSync(at('usr/bin/tool'), at('usr/bin/twin'));
  utimesSync(at('nothing'), 1_700_000_000, 1_700_000_000);
  if (!isRich) return root;
  execFileSync('mkfifo', [at('pipe')]);
  writeFileSync(at('grüße ☃'), 'unicode');
  writeFileSync(Buffer.concat([Buffer.from(`${root}/raw-`), Buffer.of(0xff, 0xfe)]), 'no UTF-8');
  writeFileSync(at('new\nline "quoted" \\ and\ttab'), 'odd');
  const deep = `deep/${'a-long-folder-name/'.repeat(12)}`;
  mkdirSync(at(deep), { recursive: true });
  writeFileSync(at(`${deep}${'n'.repeat(140)}`), 'deep');
  symlinkSync(`/${'far/'.repeat(40)}away`, at('long-link'));
  linkSync(at(`${deep}${'n'.repeat(140)}`), at('long-twin'));
  utimesSync(at('block'), -86_400.5, -86_400.5);
  writeFileSync(at('holes'), '');
  truncateSync(at('holes'), 3 << 20);
  writeFileSync(at('holes'), 'in the middle', { flag: 'r+' });
  return root;
}

/** Our listing, however the archive is cut: at every place of a block, and at none. GNU tar must have no complaint. */
async function listings(tar: Buffer): Promise<{ readonly ours: readonly Listing[]; readonly gnu: readonly Listing[] }> {
  const gnu = await listWithGnuTar(tar);
  if (gnu.complaint !== undefined) throw new Error(gnu.complaint);
  const ours = [1 << 20, 10_240, 511, 7].map((chunkBytes) => listWithGantry(tar, chunkBytes));
  return { ours, gnu: ours.map(() => gnu) };
}

function archive(program: string, ...args: readonly string[]): Buffer {
  return execFileSync(program, args, { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
}

type Manifest = { readonly layers: ReadonlyArray<{ readonly digest: string }> };

/** An image with the tree as its layer. */
function packWithUmoci() {
  const image = join(temporaryFolder(), 'image');
  const umoci = (...args: readonly string[]) => execFileSync('umoci', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  umoci('init', '--layout', image);
  umoci('new', '--image', `${image}:latest`);
  umoci('insert', '--image', `${image}:latest`, makeTree(true), '/inserted');
  const index = JSON.parse(readFileSync(join(image, 'index.json'), 'utf8'));
  const read = (digest: string) => readFileSync(join(image, 'blobs/sha256', digest.slice('sha256:'.length)));
  const manifest: Manifest = JSON.parse(read(index.manifests[0].digest).toString());
  return { image, manifest, read };
}

describe('a listing equals that of GNU tar on what is written by', () => {
  test.for(['v7', 'oldgnu', 'gnu', 'ustar', 'posix'])('GNU tar in the format %s', async (format) => {
    const root = makeTree(format === 'gnu' || format === 'oldgnu' || format === 'posix');
    const { ours, gnu } = await listings(archive('tar', '-C', root, `--format=${format}`, '-cf', '-', '.'));
    expect(ours).toEqual(gnu);
    expect(gnu[0]?.entries.length).toBeGreaterThanOrEqual(8);
  });

  test.for(['0.0', '0.1', '1.0'])('GNU tar for sparse files in the PAX format %s', async (version) => {
    const args = ['--format=posix', '--sparse', `--sparse-version=${version}`, '--hole-detection=raw'];
    const { ours, gnu } = await listings(archive('tar', '-C', makeTree(true), ...args, '-cf', '-', '.'));
    expect(ours).toEqual(gnu);
    expect(gnu[0]?.entries.length).toBeGreaterThanOrEqual(16);
  });

  test('GNU tar for sparse files in its own format, with more parts than fit into one header', async () => {
    const root = makeTree(true);
    const path = join(root, 'many-parts');
    const bytes = Buffer.alloc(4096 * 200);
    for (let part = 0; part < 200; part += 2) bytes.fill(1, part * 4096, part * 4096 + 4096);
    writeFileSync(path, bytes);
    const args = ['--format=gnu', '--sparse', '--hole-detection=raw'];
    const { ours, gnu } = await listings(archive('tar', '-C', root, ...args, '-cf', '-', '.'));
    expect(ours).toEqual(gnu);
    expect(gnu[0]?.entries.length).toBeGreaterThanOrEqual(17);
  });

  test('GNU tar with a global header, volume-free', async () => {
    const args = ['--format=posix', '--pax-option=globexthdr.name=/tmp/g,comment=made for a test,mtime=1234567890'];
    const { ours, gnu } = await listings(archive('tar', '-C', makeTree(true), ...args, '-cf', '-', '.'));
    expect(ours).toEqual(gnu);
    expect(gnu[0]?.entries.length).toBeGreaterThanOrEqual(16);
  });

  test.skipIf(!hasTools('bsdtar')).for(['v7', 'ustar', 'pax', 'gnutar'])('bsdtar in the format %s', async (format) => {
    const root = makeTree(format === 'pax' || format === 'gnutar');
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const tar = execFileSync('bsdtar', ['-C', root, `--format=${format}`, '-cf', '-', '.'], {
      env,
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { ours, gnu } = await listings(tar);
    expect(ours).toEqual(gnu);
    expect(gnu[0]?.entries.length).toBeGreaterThanOrEqual(8);
  });

  test.skipIf(!hasTools('python3')).for(['USTAR', 'GNU', 'PAX'])('Python in the format %s', async (format) => {
    const root = makeTree(format !== 'USTAR');
    const script = `
import sys, tarfile
with tarfile.open(fileobj=sys.stdout.buffer, mode='w|', format=tarfile.${format}_FORMAT) as archive:
    archive.add(sys.argv[1], arcname='.')
`;
    const { ours, gnu } = await listings(archive('python3', '-c', script, root));
    expect(ours).toEqual(gnu);
    expect(gnu[0]?.entries.length).toBeGreaterThanOrEqual(8);
  });

  test.skipIf(!hasTools('umoci'))('Go, as umoci packs a layer', async () => {
    const { manifest, read } = packWithUmoci();
    const { ours, gnu } = await listings(gunzipSync(read(manifest.layers.at(-1)?.digest ?? '')));
    expect(ours).toEqual(gnu);
    expect(gnu[0]?.entries.length).toBeGreaterThanOrEqual(16);
  });

  test.skipIf(!hasTools('umoci', 'skopeo'))('Go, as skopeo writes archives of images', async () => {
    const { image } = packWithUmoci();
    const folder = temporaryFolder();
    const skopeo = (to: string) => execFileSync('skopeo', ['copy', '--insecure-policy', `oci:${image}:latest`, to]);
    skopeo(`docker-archive:${folder}/docker.tar:acme/app:1`);
    skopeo(`oci-archive:${folder}/oci.tar:1`);
    for (const name of ['docker.tar', 'oci.tar']) {
      const { ours, gnu } = await listings(readFileSync(join(folder, name)));
      expect(ours).toEqual(gnu);
      expect(gnu[0]?.entries.length).toBeGreaterThanOrEqual(4);
    }
  });

  test.skipIf(crane === undefined)('Go, as crane flattens an image', async () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    writeFileSync(at('tree.tar'), archive('tar', '-C', makeTree(true), '--format=posix', '-cf', '-', '.'));
    const run = (...args: readonly string[]) => execFileSync(crane ?? '', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    run('append', '--oci-empty-base', '-f', at('tree.tar'), '-t', 'acme/app:1', '-o', at('image.tar'));
    const flat = execFileSync(crane ?? '', ['export', '-', '-'], {
      input: readFileSync(at('image.tar')),
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const tar of [readFileSync(at('image.tar')), flat]) {
      const { ours, gnu } = await listings(tar);
      expect(ours).toEqual(gnu);
    }
    expect(listWithGantry(flat, 1 << 20).entries.length).toBeGreaterThanOrEqual(16);
  });
});
