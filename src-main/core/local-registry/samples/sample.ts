import type { BuiltContent } from '../image-builder/content.ts';
import type { BuildStep } from '../image-builder/image.ts';
import type { BuiltLayer } from '../image-builder/layer.ts';

/** One thing to push: content and the tags that name it. Content without a tag is reached by digest or as a referrer. */
export type SamplePush = { readonly content: BuiltContent; readonly tags: readonly string[] };

/** A push and where it goes. */
export type PlacedPush = SamplePush & { readonly repository: string };

/** What the thread that builds answers: the next push, or undefined after the last. */
export type SampleMessage = PlacedPush | undefined;

/** A sample repository. `build` gives the same bytes every time, one push at a time, since compressing takes a while. */
export type Sample = { readonly repository: string; build(): Iterable<SamplePush> };

/** The labels and annotations that describe every sample. */
export function describeSample(title: string, version: string, description: string): Readonly<Record<string, string>> {
  return {
    'org.opencontainers.image.title': title,
    'org.opencontainers.image.description': description,
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.vendor': 'Gantry samples',
    'org.opencontainers.image.licenses': 'Apache-2.0',
  };
}

/** A build step as BuildKit writes it into the history. */
export function buildkitStep(createdBy: string, layer?: BuiltLayer): BuildStep {
  const comment = 'buildkit.dockerfile.v0';
  return layer === undefined ? { createdBy, comment } : { createdBy: `${createdBy} # buildkit`, layer, comment };
}
