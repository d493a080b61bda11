import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeOciLayout } from '#main/core/local-registry/image-builder/write-oci-layout.ts';
import { parseManifest } from '#shared/oci/manifest.ts';
import { going, openForTest, readBlob, readWhole, smallImage, smallIndex, wholeOf } from '#test/support/archives.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { pushContent } from '#test/support/push-content.ts';
import { run } from '#test/support/run.ts';
import { hasSkopeo, skopeo } from '#test/support/skopeo.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';

const crane = findGoTool('crane');
const index = smallIndex();
const single = smallImage('amd64', 'docker');
const oci = smallImage('s390x');

/** A layout with an index and an image of one platform. */
async function layoutOfOurs(): Promise<string> {
  const folder = join(temporaryFolder(), 'ours');
  await writeOciLayout(folder, [
    { content: index, tag: 'multi' },
    { content: single, tag: 'single' },
    { content: oci, tag: 'oci' },
  ]);
  return folder;
}

const copy = (...args: readonly string[]) => skopeo('copy', '--insecure-policy', '--quiet', ...args);

/** The image has this config, and layers that hold what its diff ids say; whatever they were compressed with. */
async function expectSameImage(path: string, reference: string, image = single): Promise<void> {
  const source = await openForTest(path);
  const made = await source.getManifest(reference, going);
  const manifest = parseManifest(made.bytes, made.mediaType);
  if (manifest.kind !== 'image') throw new Error(manifest.kind);
  const [config] = image.blobs;
  expect(manifest.config.digest).toBe(config?.digest);
  expect(await readBlob(source, manifest.config.digest, manifest.config.sizeBytes)).toEqual(Buffer.from(config!.bytes));
  expect(manifest.layers).toHaveLength(2);
  // Preparing them has checked them against the diff ids; reading them gives what the manifest says.
  expect((await readWhole(source, made.digest)).size).toBe(4);
}

describe.skipIf(!hasSkopeo)('archives that skopeo wrote', () => {
  test('as oci: and oci-archive: are read with the same digests, several images in one', async () => {
    const ours = await layoutOfOurs();
    const theirs = join(temporaryFolder(), 'theirs');
    await copy('--all', '--preserve-digests', `oci:${ours}:multi`, `oci:${theirs}:first`);
    await copy('--preserve-digests', `oci:${ours}:oci`, `oci:${theirs}:second`);
    const archive = join(temporaryFolder(), 'theirs.tar');
    await copy('--all', '--preserve-digests', `oci:${ours}:multi`, `oci-archive:${archive}:named`);
    const layout = await openForTest(theirs);
    expect(layout.contents.images.map(({ names }) => names)).toEqual([['first'], ['second']]);
    expect(await readWhole(layout, 'first')).toEqual(wholeOf(index));
    expect(await readWhole(layout, 'second')).toEqual(wholeOf(oci));
    expect(await readWhole(await openForTest(archive), 'named')).toEqual(wholeOf(index));
  });

  test('as docker-archive: are read, with config and layers as they were', async () => {
    const archive = join(temporaryFolder(), 'docker.tar');
    await copy(`oci:${await layoutOfOurs()}:oci`, `docker-archive:${archive}:example.com/acme/app:1`);
    expect((await openForTest(archive)).contents.format).toBe('docker-tar');
    await expectSameImage(archive, 'example.com/acme/app:1', oci);
  });
});

describe.skipIf(!hasTools('umoci'))('layouts that umoci has changed', () => {
  test('are read, with the names umoci gave', async () => {
    const layout = await layoutOfOurs();
    await run('umoci', ['tag', '--image', `${layout}:oci`, 'again']);
    await run('umoci', ['config', '--image', `${layout}:oci`, '--tag', 'configured', '--config.cmd', 'hello']);
    const source = await openForTest(layout);
    expect(source.contents.images.map(({ names }) => names)).toEqual([
      ['multi'],
      ['single'],
      ['oci', 'again'],
      ['configured'],
    ]);
    expect(await readWhole(source, 'again')).toEqual(wholeOf(oci));
    expect((await readWhole(source, 'configured')).size).toBe(4);
  });
});

describe.skipIf(crane === undefined)('archives that crane wrote', () => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startTestRegistry();
    await pushContent(registry.address, 'acme/multi', index, ['1']);
    await pushContent(registry.address, 'acme/single', single, ['1']);
  });
  afterAll(() => registry.stop());
  const pull = (...args: readonly string[]) => run(crane ?? '', ['pull', '--insecure', ...args]);
  const at = (name: string) => `${registry.address}/acme/${name}:1`;

  test('as a layout are read with the same digests', async () => {
    const folder = join(temporaryFolder(), 'layout');
    await pull('--format=oci', '--annotate-ref', at('multi'), at('single'), folder);
    const source = await openForTest(folder);
    expect(new Set(source.contents.images.map(({ digest }) => digest))).toEqual(
      new Set([index.descriptor.digest, single.descriptor.digest]),
    );
    expect(await readWhole(source, at('multi'))).toEqual(wholeOf(index));
    expect(await readWhole(source, at('single'))).toEqual(wholeOf(single));
  });

  test.each(['tarball', 'legacy'])('as %s, of several images, are read', async (format) => {
    const archive = join(temporaryFolder(), 'images.tar');
    await pull(`--format=${format}`, '--platform=linux/amd64', at('single'), at('multi'), archive);
    const { contents } = await openForTest(archive);
    expect(contents.images.flatMap(({ names }) => names).toSorted()).toEqual([at('multi'), at('single')].toSorted());
    await expectSameImage(archive, at('single'));
  });

  test('by crane pull keep their compressed layers, byte for byte', async () => {
    const archive = join(temporaryFolder(), 'images.tar');
    await pull(at('single'), archive);
    const source = await openForTest(archive);
    const manifest = await source.getImage(0, going);
    const found = await readWhole(source, manifest.digest);
    for (const { digest, bytes } of single.blobs) expect(found.get(digest)).toEqual(Buffer.from(bytes));
  });
});
