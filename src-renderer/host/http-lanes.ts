import type { ClientContext, ClientLink } from '@orpc/client';
import pLimit, { type LimitFunction } from 'p-limit';
import { z } from 'zod';

/**
 * A browser opens six connections to a host and lets further requests wait. One is held by the stream of changes; with
 * four at most for calls about one registry, a registry that hangs leaves one for the rest of the app.
 */
const LANES = 4;

const aboutRegistrySchema = z.object({ registryId: z.string() });

/** Bounds the calls about each registry that are under way at once. All other calls go straight through. */
export function withLanes(link: ClientLink<ClientContext>): ClientLink<ClientContext> {
  const lanesByRegistry = new Map<string, LimitFunction>();
  return {
    call: async (path, input, options) => {
      const about = aboutRegistrySchema.safeParse(input);
      if (!about.success) return link.call(path, input, options);
      const { registryId } = about.data;
      const lanes = lanesByRegistry.get(registryId) ?? pLimit(LANES);
      lanesByRegistry.set(registryId, lanes);
      return lanes(async () => {
        options.signal?.throwIfAborted();
        return link.call(path, input, options);
      });
    },
  };
}
