import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BuiltContent } from '#main/core/local-registry/image-builder/content.ts';
import type { ArchiveFormat } from '#main/core/sources/archive.ts';
import { createArchiveDestination } from '#main/core/sources/create-archive-destination.ts';
import { going, openForTest, putContent, readWhole, smallImage, smallIndex, wholeOf } from '#test/support/archives.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { run } from '#test/support/run.ts';
import { hasSkopeo, skopeo } from '#test/support/skopeo.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';

const crane = findGoTool('crane');
const regctl = findGoTool('regctl');
const index = smallIndex();
const single = smallImage();

/** An archive of ours with these images under these names; its path. */
async function write(format: ArchiveFormat, images: Readonly<Record<string, BuiltContent>>): Promise<string> {
  const path = join(temporaryFolder(), format === 'oci-layout' ? 'layout' : 'images.tar');
  const destination = createArchiveDestination({ format, path, key: 'test' });
  for (const [name, content] of Object.entries(images)) await putContent(destination, content, [name]);
  await destination.finish(going);
  await destination.close();
  return path;
}

const digestsOf = (content: BuiltContent) =>
  new Set([...content.manifests, ...content.blobs].map(({ digest }) => digest));
const raw = (image: string) => skopeo('inspect', '--raw', image);

describe.skipIf(!hasSkopeo)('archives of ours and skopeo', () => {
  test('oci: and oci-archive: have the same bytes, with every platform', async () => {
    const images = { 'ghcr.io/acme/app:1.2': index, '3.4': single };
    const layout = await write('oci-layout', images);
    const tar = await write('oci-tar', images);
    for (const from of [`oci:${layout}`, `oci-archive:${tar}`]) {
      expect(await raw(`${from}:1.2`)).toBe(Buffer.from(index.manifests.at(-1)!.bytes).toString());
      expect(await raw(`${from}:3.4`)).toBe(Buffer.from(single.manifests.at(-1)!.bytes).toString());
      const copied = join(temporaryFolder(), 'copied');
      await skopeo(
        'copy',
        '--insecure-policy',
        '--quiet',
        '--all',
        '--preserve-digests',
        `${from}:1.2`,
        `oci:${copied}:1.2`,
      );
      expect(await readWhole(await openForTest(copied), '1.2')).toEqual(wholeOf(index));
    }
  });

  test('docker-archive: has the config and the layers, several images in one', async () => {
    const tar = await write('docker-tar', { 'ghcr.io/acme/app:1.2': single, 'acme/other:3': smallImage('arm64') });
    expect(JSON.parse(await skopeo('list-tags', `docker-archive:${tar}`)).Tags).toEqual([
      'ghcr.io/acme/app:1.2',
      'acme/other:3',
    ]);
    for (const [name, content] of [
      ['ghcr.io/acme/app:1.2', single],
      ['acme/other:3', smallImage('arm64')],
    ] as const) {
      const manifest = JSON.parse(await raw(`docker-archive:${tar}:${name}`));
      expect(manifest.config.digest).toBe(content.blobs[0]?.digest);
      const copied = join(temporaryFolder(), 'copied');
      await skopeo('copy', '--insecure-policy', '--quiet', `docker-archive:${tar}:${name}`, `dir:${copied}`);
    }
  });
});

describe.skipIf(!hasTools('umoci'))('layouts of ours and umoci', () => {
  test('are listed and unpacked', async () => {
    const layout = await write('oci-layout', { 'ghcr.io/acme/app:1.2': single });
    expect((await run('umoci', ['list', '--layout', layout])).trim()).toBe('1.2');
    const stat = JSON.parse(await run('umoci', ['stat', '--json', '--image', `${layout}:1.2`]));
    expect(stat.history.flatMap(({ layer }: { layer?: { digest: string } }) => layer?.digest ?? [])).toEqual(
      single.blobs.slice(1).map(({ digest }) => digest),
    );
  });
});

describe('archives of ours and the tools of Go', () => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startTestRegistry();
  });
  afterAll(() => registry.stop());

  /** What the repository has of the image, under the digests it was built with. */
  async function pushedTo(repository: string, content: BuiltContent) {
    const has = await Promise.all(
      content.manifests.map(({ digest }) => registry.store.hasManifest(repository, digest)),
    );
    return { tagged: await registry.store.resolveTag(repository, '1'), isWhole: has.every(Boolean) };
  }

  test.skipIf(crane === undefined)('crane validates a docker tar, and pushes it and a layout', async () => {
    const tar = await write('docker-tar', { 'acme/app:1': single });
    expect(await run(crane ?? '', ['validate', '--tarball', tar])).toContain('PASS');
    const layout = await write('oci-layout', { 'acme/app:1': index });
    await run(crane ?? '', ['push', '--insecure', layout, `${registry.address}/crane/index:1`]);
    expect(await pushedTo('crane/index', index)).toEqual({ tagged: index.descriptor.digest, isWhole: true });
  });

  test.skipIf(regctl === undefined)('regctl imports an OCI tar', async () => {
    const tar = await write('oci-tar', { 'acme/app:1': index });
    await run(regctl ?? '', [
      'image',
      'import',
      '--host',
      `reg=${registry.address},tls=disabled`,
      `${registry.address}/regctl/index:1`,
      tar,
    ]);
    expect(await pushedTo('regctl/index', index)).toEqual({ tagged: index.descriptor.digest, isWhole: true });
  });

  test('an archive goes from tar to docker tar to layout with the same digests', async () => {
    const tar = await openForTest(await write('docker-tar', { 'acme/app:1': single }));
    expect(new Set((await readWhole(tar, 'acme/app:1')).keys())).toEqual(digestsOf(single));
  });
});
