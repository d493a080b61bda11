import { z } from 'zod';
import { registryIdSchema } from './common.ts';
import { procedure } from './procedure.ts';

/** A pull quota as the registry last told it: Docker Hub's `ratelimit-limit: 100;w=21600`. */
export const rateLimitSchema = z.object({
  limit: z.int().nonnegative(),
  remaining: z.int().nonnegative(),
  windowSeconds: z.int().positive().optional(),
  /** Whom the registry counts: an address or account, in its own words. */
  source: z.string().optional(),
  seenAt: z.string(),
});
export type RateLimit = z.infer<typeof rateLimitSchema>;

/** How a registry has answered lately. Nothing is asked for this: it is what other requests came by. */
export const registryHealthSchema = z.object({
  registryId: registryIdSchema,
  state: z.enum(['unknown', 'online', 'offline']),
  /** Since when, ISO 8601; absent while unknown. */
  since: z.string().optional(),
  /** Why it is offline: one of `network`'s or `tls`'s reasons. */
  reason: z.string().optional(),
  rateLimit: rateLimitSchema.optional(),
  /** Requests stand still until then because the registry asked for it (Retry-After) or after failures. */
  waitingUntil: z.string().optional(),
  waitingReason: z.string().optional(),
});
export type RegistryHealth = z.infer<typeof registryHealthSchema>;

export const healthContract = {
  get: procedure.input(z.object({ id: registryIdSchema })).output(registryHealthSchema),
};
