import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { withDigestCache } from '#main/core/image/digest-cache.ts';
import { withKeptAnswers } from '#main/core/image/kept/with-kept-answers.ts';
import { resolveImage } from '#main/core/image/resolve-image.ts';
import type { RegistryClient } from '#main/core/registry/registry-client.ts';
import { systemClock } from './engine.ts';
import { type Handler, json, type Reply } from './fake-registry.ts';
import { memoryShelf } from './memory-shelf.ts';
import { type Built, buildImage } from './oci-builder.ts';

export const repository = 'acme/web';
export const hostPlatform = parsePlatform('linux/amd64');
export const image = buildImage({ descriptor: { platform: { os: 'linux', architecture: 'amd64' } } });
export const other = buildImage({ manifest: { annotations: { name: 'other' } } });

/** A client as the app has it: registry, shelf, memory. */
export function remember(engine: { readonly client: RegistryClient }, shelf = memoryShelf()): RegistryClient {
  return withDigestCache(withKeptAnswers(engine.client, { shelf, clock: systemClock }));
}

/** A registry with one image under `v1`; `tag` can be moved, `refuse` answers for it. */
export function registryOf(state: { tag: Built; refuse?: Reply | undefined }): Handler {
  return ({ path }) => {
    if (state.refuse !== undefined) return state.refuse;
    const [, name = ''] = /^\/v2\/acme\/web\/(?:manifests|blobs)\/(.*)$/.exec(path) ?? [];
    if (path.includes('/tags/list')) return json({ name: repository, tags: ['v1'] });
    if (path.startsWith('/v2/_catalog')) return json({ repositories: [repository] });
    if (path.includes('/referrers/')) return json({ manifests: [] }, { 'content-type': MEDIA_TYPE.ociIndex });
    const built = [image, other, image.config, other.config].find(({ descriptor }) => descriptor.digest === name);
    const found = name === 'v1' ? state.tag : built;
    if (found === undefined) return path === '/v2/' ? {} : undefined;
    const headers = { 'content-type': found.descriptor.mediaType, 'docker-content-digest': found.descriptor.digest };
    return { headers, body: Buffer.from(found.bytes) };
  };
}

export const openImage = (client: RegistryClient, reference = 'v1'): ReturnType<typeof resolveImage> =>
  resolveImage({ client, repository, reference, hostPlatform });
