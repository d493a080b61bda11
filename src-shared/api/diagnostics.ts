import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { exchangeSchema } from './registries.ts';

/** One request as it was sent, or a decision taken about one. Redacted by allowlist. */
export const logEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('request'),
    /** Rising; never used twice while the app runs. */
    id: z.int(),
    at: z.string(),
    /** `host[:port]` of the registry on whose behalf it was sent. */
    registryHost: z.string(),
    hop: z.enum(['registry', 'token', 'redirect']),
    /** 1 for the first try. */
    attempt: z.int(),
    exchange: exchangeSchema,
    /** In the queue, to the headers, to the end of the body. */
    queuedMs: z.number(),
    headersMs: z.number().optional(),
    totalMs: z.number().optional(),
    bodyBytes: z.int().optional(),
    /** The kind and reason of the failure when there was no answer: `network/refused`. */
    failure: z.string().optional(),
  }),
  z.object({
    kind: z.literal('decision'),
    id: z.int(),
    at: z.string(),
    registryHost: z.string(),
    /** `credential from docker config, key ghcr.io/acme`; `retry 2 of 6 in 1.4 s: HTTP 503`. */
    text: z.string(),
  }),
]);
export type LogEntry = z.infer<typeof logEntrySchema>;

export const diagnosticsContract = {
  /** First what is kept (the newest 2,000, fewer where they are large; oldest first), then each entry as it is finished. Never ends by itself. */
  watch: procedure
    .input(z.object({ registryHost: z.string().optional() }))
    .output(eventIterator(z.object({ entries: z.array(logEntrySchema) }))),
  clear: procedure.output(z.object({ cleared: z.int() })),
};
