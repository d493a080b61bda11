import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { ImageView, TagSummary } from '#main/core/image/image-view.ts';
import { resolveImage } from '#main/core/image/resolve-image.ts';
import { summariseTag } from '#main/core/image/summarise-tag.ts';
import { imageViewSchema } from '#shared/api/images.ts';
import { tagSummarySchema } from '#shared/api/tags.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { createMemoryRegistry } from '#test/support/memory-registry.ts';
import { build, buildAttestation, buildImage, buildIndex } from '#test/support/oci-builder.ts';

const image = buildImage({
  manifest: { annotations: { a: 'b' } },
  descriptor: { platform: { os: 'linux', architecture: 'amd64' } },
});
const empty = build({}, MEDIA_TYPE.ociEmpty);
const documents = {
  image,
  index: buildIndex([image, buildAttestation(image.descriptor.digest)]),
  artifact: buildImage({ manifest: { config: empty.descriptor, subject: image.descriptor } }),
  schema1: build({ schemaVersion: 1, fsLayers: [] }, MEDIA_TYPE.dockerSchema1),
  unknown: build({}, 'application/vnd.other+json'),
};
const kinds = ['image', 'index', 'artifact', 'schema1', 'unknown'] as const;

describe('the views of the engine', () => {
  const registry = createMemoryRegistry();
  registry.putImage(image);
  for (const kind of kinds) registry.put(documents[kind], kind);
  const context = { client: registry.client, repository: 'team/app', hostPlatform: parsePlatform('linux/amd64') };

  it('may be returned where the contract wants its own', () => {
    expectTypeOf<ImageView>().toExtend<z.input<typeof imageViewSchema>>();
    expectTypeOf<TagSummary>().toExtend<z.input<typeof tagSummarySchema>>();
  });

  it.each(kinds)('pass the schema of the contract unchanged: %s', async (kind) => {
    const view = await resolveImage({ ...context, reference: kind });
    expect(view.kind).toBe(kind);
    expect(imageViewSchema.parse(view)).toEqual(view);
    const summary = await summariseTag({ ...context, tag: kind });
    expect(summary.kind).toBe(kind);
    expect(tagSummarySchema.parse(summary)).toEqual(summary);
  });
});
