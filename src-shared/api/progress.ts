import { z } from 'zod';

/** One of the events of a stream that ends with `ready`; at most ten a second. `totalBytes` may grow as more is known. */
export const bytesProgressSchema = z.object({
  kind: z.literal('progress'),
  readBytes: z.number(),
  totalBytes: z.number(),
});
export type BytesProgress = z.infer<typeof bytesProgressSchema>;
