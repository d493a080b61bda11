import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildImage, buildIndex } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { writeOciLayout } from '#main/core/local-registry/image-builder/write-oci-layout.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import { makeTemporaryFolder, startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { pushContent } from '#test/support/push-content.ts';
import { run } from '#test/support/run.ts';

const crane = findGoTool('crane');
const regctl = findGoTool('regctl');
const oras = findGoTool('oras');

const imageFor = (architecture: string) =>
  buildImage({
    platform: { os: 'linux', architecture },
    created: '2026-01-01T00:00:00Z',
    steps: [{ createdBy: 'COPY', layer: buildLayer([{ path: 'file', type: 'file', content: architecture }]) }],
  });
const multiArch = buildIndex(
  ['amd64', 'arm64'].map((architecture) => ({
    content: imageFor(architecture),
    platform: { os: 'linux', architecture },
  })),
);
const digest = multiArch.descriptor.digest;

let registry: TestRegistry;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
beforeAll(async () => {
  registry = await startTestRegistry();
  folder = await makeTemporaryFolder();
  await pushContent(registry.address, 'pushed/by/us', multiArch, ['v1', 'v2']);
  await writeOciLayout(join(folder.path, 'layout'), [{ content: multiArch, tag: 'v1' }]);
});
afterAll(async () => {
  await registry.stop();
  await folder.remove();
});
const at = (reference: string) => `${registry.address}/${reference}`;
const lines = (text: string) => text.split('\n').filter((line) => line !== '');
/** Every manifest and blob of the image is in the repository, under the digest it was built with. */
async function expectWhole(repository: string, tag: string): Promise<void> {
  expect(await registry.store.resolveTag(repository, tag)).toBe(digest);
  for (const one of multiArch.manifests) expect(await registry.store.hasManifest(repository, one.digest)).toBe(true);
  for (const one of multiArch.blobs) {
    expect(await registry.store.statBlob(repository, one.digest)).toEqual({ sizeBytes: one.bytes.byteLength });
  }
}

describe.skipIf(crane === undefined)('crane and the Local registry', () => {
  const craned = (...args: readonly string[]) => run(crane ?? '', [...args, '--insecure']);

  test('lists, resolves, copies and validates', async () => {
    expect(lines(await craned('ls', at('pushed/by/us')))).toEqual(['v1', 'v2']);
    expect(lines(await craned('catalog', registry.address))).toContain('pushed/by/us');
    expect((await craned('digest', at('pushed/by/us:v1'))).trim()).toBe(digest);
    await craned('copy', at('pushed/by/us:v1'), at('copied/by/crane:v1'));
    await expectWhole('copied/by/crane', 'v1');
    await craned('validate', '--remote', at('copied/by/crane:v1'));
  });

  test('pushes an OCI layout and pulls it back', async () => {
    await craned('push', '--index', join(folder.path, 'layout'), at('from/layout:v1'));
    const pulled = join(folder.path, 'pulled-by-crane');
    await craned('pull', '--format', 'oci', at('pushed/by/us:v1'), pulled);
    expect(await readFile(join(pulled, 'blobs', digest.replace(':', '/')))).toEqual(multiArch.manifests.at(-1)?.bytes);
  });

  test('tags and deletes', async () => {
    await craned('copy', at('pushed/by/us:v1'), at('deleted/by/crane:v1'));
    await craned('tag', at('deleted/by/crane:v1'), 'other');
    await craned('delete', at(`deleted/by/crane@${digest}`));
    expect(await registry.store.listTags('deleted/by/crane')).toEqual([]);
    await expect(craned('digest', at('deleted/by/crane:v1'))).rejects.toThrow('MANIFEST_UNKNOWN');
  });
});

describe.skipIf(regctl === undefined)('regctl and the Local registry', () => {
  const regctled = (...args: readonly string[]) =>
    run(regctl ?? '', ['--host', `reg=${registry.address},tls=disabled`, ...args]);

  test('lists, resolves and copies', async () => {
    expect(lines(await regctled('tag', 'ls', at('pushed/by/us')))).toEqual(['v1', 'v2']);
    expect((await regctled('image', 'digest', at('pushed/by/us:v1'))).trim()).toBe(digest);
    await regctled('image', 'copy', at('pushed/by/us:v1'), at('copied/by/regctl:v1'));
    await expectWhole('copied/by/regctl', 'v1');
  });

  test('puts a blob in chunks and reads it back', async () => {
    const path = join(folder.path, 'blob');
    await writeFile(path, Buffer.alloc(3_000_000, 'chunk'));
    const host = `reg=${registry.address},tls=disabled,blobChunk=1000000,blobMax=1000000`;
    const script = `exec "$0" --host "$1" blob put "$2" < "$3"`;
    const put = await run('sh', ['-c', script, regctl ?? '', host, at('chunked/by/regctl'), path]);
    const stored = put.trim();
    if (!isDigest(stored)) throw new Error(put);
    expect(await registry.store.statBlob('chunked/by/regctl', stored)).toEqual({ sizeBytes: 3_000_000 });
  });

  test('attaches an artifact, lists it by type, and no more once it is deleted', async () => {
    await regctled('image', 'copy', at('pushed/by/us:v1'), at('referred/by/regctl:v1'));
    const path = join(folder.path, 'report');
    await writeFile(path, 'report');
    const file = ['--file', path, '--file-media-type', 'text/plain'];
    const subject = at('referred/by/regctl:v1');
    await regctled('artifact', 'put', '--subject', subject, '--artifact-type', 'a/report', ...file);
    await regctled('artifact', 'put', '--subject', subject, '--artifact-type', 'a/other', ...file);
    const list = async (...filter: readonly string[]) => {
      const text = await regctled('artifact', 'list', subject, '--format', '{{ json . }}', ...filter);
      return (JSON.parse(text) as { descriptors: { digest: string; artifactType: string }[] }).descriptors;
    };
    const [report] = await list('--filter-artifact-type', 'a/report');
    expect(await list()).toHaveLength(2);
    expect(report?.artifactType).toBe('a/report');
    await regctled('manifest', 'delete', at(`referred/by/regctl@${report?.digest}`));
    expect((await list()).map(({ artifactType }) => artifactType)).toEqual(['a/other']);
    // No fallback tag: regctl has understood that there is a referrers API.
    expect(await registry.store.listTags('referred/by/regctl')).toEqual(['v1']);
  });

  test('deletes one tag and leaves the other', async () => {
    await regctled('image', 'copy', at('pushed/by/us:v1'), at('untagged/by/regctl:v1'));
    await regctled('image', 'copy', at('pushed/by/us:v1'), at('untagged/by/regctl:v2'));
    await regctled('tag', 'delete', at('untagged/by/regctl:v1'));
    expect(await registry.store.listTags('untagged/by/regctl')).toEqual(['v2']);
    await expectWhole('untagged/by/regctl', 'v2');
  });
});

describe.skipIf(oras === undefined)('oras and the Local registry', () => {
  const orased = (...args: readonly string[]) => run(oras ?? '', [...args, '--plain-http']);
  // oras keeps the path it is given as the file's title, and refuses absolute ones.
  const inFolder = (...args: readonly string[]) =>
    run('sh', ['-c', 'cd "$0" && exec "$@" --plain-http', folder.path, oras ?? '', ...args]);

  const copy = (from: string, to: string, ...options: readonly string[]) =>
    run(oras ?? '', ['copy', '--from-plain-http', '--to-plain-http', ...options, at(from), at(to)]);

  test('pushes files, attaches to them, discovers, pulls and copies with referrers', async () => {
    await writeFile(join(folder.path, 'hi.txt'), 'hi');
    await inFolder('push', at('pushed/by/oras:v1'), 'hi.txt:text/plain', '--artifact-type', 'a/hello');
    await inFolder('attach', at('pushed/by/oras:v1'), 'hi.txt:text/plain', '--artifact-type', 'a/note');
    const found = await orased('discover', at('pushed/by/oras:v1'), '--format', 'json', '--artifact-type', 'a/note');
    expect(JSON.parse(found)).toMatchObject({ referrers: [{ artifactType: 'a/note' }] });
    await orased('pull', at('pushed/by/oras:v1'), '--output', join(folder.path, 'pulled-by-oras'));
    expect(await readFile(join(folder.path, 'pulled-by-oras', 'hi.txt'), 'utf8')).toBe('hi');
    await copy('pushed/by/oras:v1', 'copied/by/oras:v1', '--recursive');
    const copied = await registry.store.resolveTag('copied/by/oras', 'v1');
    expect(copied).toBe(await registry.store.resolveTag('pushed/by/oras', 'v1'));
    expect(copied && (await registry.store.listReferrers('copied/by/oras', copied))).toMatchObject([
      { artifactType: 'a/note' },
    ]);
    expect(await registry.store.listTags('copied/by/oras')).toEqual(['v1']);
  });

  test('lists repositories and tags, and deletes a manifest', async () => {
    expect(lines(await orased('repo', 'tags', at('pushed/by/us')))).toEqual(['v1', 'v2']);
    expect(lines(await orased('repo', 'ls', registry.address))).toContain('pushed/by/us');
    await copy('pushed/by/us:v1', 'deleted/by/oras:v1');
    await expectWhole('deleted/by/oras', 'v1');
    await orased('manifest', 'delete', '--force', at('deleted/by/oras:v1'));
    expect(await registry.store.listTags('deleted/by/oras')).toEqual([]);
  });
});
