import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDigestCache } from '#main/core/image/digest-cache.ts';
import type { ImageView, TagSummary } from '#main/core/image/image-view.ts';
import { resolveImage } from '#main/core/image/resolve-image.ts';
import { summariseTag } from '#main/core/image/summarise-tag.ts';
import { SAMPLES } from '#main/core/local-registry/samples/sample-list.ts';
import { seedSamples } from '#main/core/local-registry/samples/seed-samples.ts';
import type { RegistryClient } from '#main/core/registry/registry-client.ts';
import { imageViewSchema } from '#shared/api/images.ts';
import { tagSummarySchema } from '#shared/api/tags.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { type Engine, startEngine } from '#test/support/engine.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';

const hostPlatform = parsePlatform('linux/arm64');
let registry: TestRegistry;
let engine: Engine;
let client: RegistryClient;

beforeAll(async () => {
  registry = await startTestRegistry();
  await seedSamples(registry.store);
  engine = startEngine(registry.address);
  client = withDigestCache(engine.client);
});
afterAll(async () => {
  await client.close();
  await engine[Symbol.asyncDispose]();
  await registry.stop();
});

const resolve = (repository: string, reference = 'latest'): Promise<ImageView> =>
  resolveImage({ client, repository, reference, hostPlatform });
const summarise = (repository: string, tag = 'latest'): Promise<TagSummary> =>
  summariseTag({ client, repository, tag, hostPlatform });

/** An index and every child below it, or the one view. */
async function resolveAll(repository: string, reference: string): Promise<readonly ImageView[]> {
  const view = await resolve(repository, reference);
  if (view.kind !== 'index') return [view];
  const below = view.children.flatMap(({ descriptor, attestations }) => [descriptor, ...attestations]);
  const views = await Promise.all(below.map(({ digest }) => resolveAll(repository, digest)));
  return [view, ...views.flat()];
}

describe('the engine on the samples of the Local registry', () => {
  it.each(SAMPLES.map((sample) => sample.repository))(
    'resolves every tag of %s and all below it to what the contract wants',
    async (repository) => {
      const tags = (await registry.store.listTags(repository)) ?? [];
      expect(tags).not.toEqual([]);
      for (const tag of tags) {
        const views = await resolveAll(repository, tag);
        expect(views.map((view) => imageViewSchema.parse(view))).toEqual(views);
        expect(views.flatMap((view) => view.warnings)).toEqual([]);
        expect(views.filter((view) => view.kind === 'unknown')).toEqual([]);
        const summary = await summarise(repository, tag);
        expect(tagSummarySchema.parse(summary)).toEqual(summary);
      }
    },
  );

  it('shows four platforms and the one of this machine first', async () => {
    const summary = await summarise('samples/hello-multiarch', '1.2.0');
    expect(summary.platforms).toEqual([
      'linux/amd64',
      'linux/arm64/v8',
      'linux/arm/v7',
      expect.stringMatching(/^windows\/amd64:10\.0\./),
    ]);
    const view = await resolve('samples/hello-multiarch', '1.2.0');
    const [, arm64] = view.kind === 'index' ? view.children : [];
    expect(view).toMatchObject({ kind: 'index', defaultChild: arm64?.descriptor.digest });
  });

  it('folds attestations of BuildKit under their platforms', async () => {
    const view = await resolve('samples/attested');
    const children = view.kind === 'index' ? view.children : [];
    expect(children.map((child) => [child.role, child.attestations.length])).toEqual([
      ['platform', 1],
      ['platform', 1],
    ]);
    expect((await summarise('samples/attested')).attestationCount).toBe(2);
  });

  it('shows an attestation as an artifact, not as an image of no platform', async () => {
    const view = await resolve('samples/attested');
    const attestation = view.kind === 'index' ? view.children[0]?.attestations[0] : undefined;
    expect(await resolve('samples/attested', attestation?.digest)).toMatchObject({
      kind: 'artifact',
      artifactType: 'application/vnd.in-toto+json',
    });
  });

  it('shows an index in an index', async () => {
    const view = await resolve('samples/nested-index');
    const roles = view.kind === 'index' ? view.children.map((child) => child.role) : [];
    expect(roles).toContain('index');
    expect((await summarise('samples/nested-index')).basisPlatform).toBe('linux/arm64/v8');
  });
});
