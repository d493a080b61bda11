import { resolveImage } from '../core/image/resolve-image.ts';
import { defaultPlatform } from './default-platform.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { signalOf } from './signal-of.ts';

/** `images.*` */
export function imagesHandlers(os: Implementer, { clients }: Services) {
  return {
    get: os.images.get.handler(async ({ input: { registryId, repository, reference, referrerOf }, signal }) =>
      resolveImage({
        client: await clients.get(registryId, signal),
        repository,
        reference,
        referrerOf,
        hostPlatform: defaultPlatform(),
        ...signalOf(signal),
      }),
    ),
  };
}
