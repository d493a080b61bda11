import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { registryIdSchema } from './common.ts';
import { procedure } from './procedure.ts';

/** Something stored has changed, here or in another window. The first message is always `ready`. */
export const changeSchema = z.discriminatedUnion('area', [
  z.object({ area: z.literal('ready') }),
  z.object({ area: z.literal('registries') }),
  z.object({ area: z.literal('pins') }),
  z.object({ area: z.literal('settings') }),
  /** `health.get` of this registry would answer otherwise now: its rate limit, a wait, online or offline. */
  z.object({ area: z.literal('health'), registryId: registryIdSchema }),
  /** A manifest was pushed to or deleted from a registry we own (Local). */
  z.object({ area: z.literal('content'), registryId: registryIdSchema, repository: z.string() }),
]);
export type Change = z.infer<typeof changeSchema>;

export const changesContract = {
  /** Never ends by itself. */
  watch: procedure.output(eventIterator(changeSchema)),
};
