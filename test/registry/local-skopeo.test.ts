import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOfBytes } from '#main/core/local-registry/image-builder/content.ts';
import { writeOciLayout } from '#main/core/local-registry/image-builder/write-oci-layout.ts';
import { SAMPLES } from '#main/core/local-registry/samples/sample-list.ts';
import { seedSamples } from '#main/core/local-registry/samples/seed-samples.ts';
import { makeTemporaryFolder, startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { hasSkopeo, skopeo, skopeoCopy } from '#test/support/skopeo.ts';

describe.skipIf(!hasSkopeo)('the Local registry and skopeo', () => {
  let registry: TestRegistry;
  let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
  beforeAll(async () => {
    registry = await startTestRegistry();
    folder = await makeTemporaryFolder();
    await seedSamples(registry.store);
  });
  afterAll(async () => {
    await registry.stop();
    await folder.remove();
  });

  // skopeo refuses an index within an index, whatever registry it comes from.
  const copied = SAMPLES.map((sample) => sample.repository).filter((name) => name !== 'samples/nested-index');
  const copyTo = (reference: string, destination: string) =>
    skopeoCopy(`docker://${registry.address}/${reference}`, destination, '--all', '--preserve-digests');

  test.each(copied)('skopeo copies %s with every platform, byte for byte', async (repository) => {
    const tags = (await registry.store.listTags(repository)) ?? [];
    expect(tags.length).toBeGreaterThan(0);
    // Sixty tags that differ in little would only be slow.
    for (const tag of tags.slice(0, 6)) {
      const dir = join(folder.path, `${repository}-${tag}`.replaceAll('/', '-'));
      await copyTo(`${repository}:${tag}`, `dir:${dir}`);
      const manifest = await readFile(join(dir, 'manifest.json'));
      expect(digestOfBytes(manifest)).toBe(await registry.store.resolveTag(repository, tag));
    }
  });

  test('skopeo copies both indexes within samples/nested-index', async () => {
    const root = await registry.store.resolveTag('samples/nested-index', 'latest');
    const found = root && (await registry.store.getManifest('samples/nested-index', root));
    const { manifests } = JSON.parse(found?.bytes.toString() ?? '{}') as { manifests: { digest: string }[] };
    expect(manifests).toHaveLength(2);
    for (const { digest } of manifests) {
      const dir = join(folder.path, digest.replace(':', '-'));
      await copyTo(`samples/nested-index@${digest}`, `dir:${dir}`);
      expect(digestOfBytes(await readFile(join(dir, 'manifest.json')))).toBe(digest);
    }
  });

  test.each(['samples/hello-multiarch', 'samples/zstd'])('skopeo copies %s to an OCI layout', async (repository) => {
    const dir = join(folder.path, repository.replaceAll('/', '-'));
    await copyTo(`${repository}:latest`, `oci:${dir}:copy`);
    const { manifests } = JSON.parse(await readFile(join(dir, 'index.json'), 'utf8')) as {
      manifests: { digest: string }[];
    };
    expect(manifests[0]?.digest).toBe(await registry.store.resolveTag(repository, 'latest'));
  });

  test('lists tags', async () => {
    const listed = await skopeo(
      'list-tags',
      '--tls-verify=false',
      `docker://${registry.address}/samples/hello-multiarch`,
    );
    expect(JSON.parse(listed)).toMatchObject({ Tags: ['1.0', '1.1', '1.2.0', 'latest'] });
  });

  test('a multi-arch image pushed from an OCI layout keeps its digest and comes back equal', async () => {
    const [push] = SAMPLES[0]?.build() ?? [];
    const content = push?.content;
    if (content === undefined) throw new Error('no sample');
    const source = join(folder.path, 'source');
    await writeOciLayout(source, [{ content, tag: 'v1' }]);
    await skopeoCopy(`oci:${source}:v1`, `docker://${registry.address}/pushed/by/skopeo:v1`, '--all');
    const stored = await registry.store.resolveTag('pushed/by/skopeo', 'v1');
    expect(stored).toBe(content.descriptor.digest);
    for (const { digest, bytes } of content.manifests) {
      const found = await registry.store.getManifest('pushed/by/skopeo', digest);
      expect(found && digestOfBytes(found.bytes)).toBe(digest);
      expect(found?.bytes.equals(bytes)).toBe(true);
    }
    await expect.poll(() => registry.changes).toContain('pushed/by/skopeo');
  });
});
