import { z } from 'zod';
import type { EndRef } from './ends.ts';

/** An end as the journal has it. */
export const endRefSchema: z.ZodType<EndRef> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('registry'), registryId: z.string(), repository: z.string() }),
  z.object({ kind: z.literal('file'), id: z.string() }),
]);
