import { z } from 'zod';
import { pairsSchema } from './descriptor.ts';
import { digestSchema } from './digest.ts';
import { platformSchema } from './platform.ts';

/** One line of an image's history. Spec: OCI image 1.1, config.md, "history". */
export const historyEntrySchema = z.object({
  created: z.string().optional(),
  createdBy: z.string().optional(),
  author: z.string().optional(),
  comment: z.string().optional(),
  emptyLayer: z.boolean(),
});
export type HistoryEntry = Readonly<z.infer<typeof historyEntrySchema>>;

/** Docker's healthcheck extension; intervals are nanoseconds as in the config. */
export const healthcheckSchema = z.object({
  test: z.array(z.string()),
  intervalNs: z.number().optional(),
  timeoutNs: z.number().optional(),
  startPeriodNs: z.number().optional(),
  retries: z.number().optional(),
});

/**
 * An image config, OCI or Docker. `ports` and `volumes` are the sorted keys of the wire's sets.
 * `created` is kept as the wire had it (RFC 3339 by the spec, not by every builder).
 * Spec: OCI image 1.1, config.md.
 */
export const imageConfigSchema = z.object({
  created: z.string().optional(),
  author: z.string().optional(),
  platform: platformSchema,
  user: z.string().optional(),
  env: z.array(z.string()),
  entrypoint: z.array(z.string()).optional(),
  cmd: z.array(z.string()).optional(),
  workingDir: z.string().optional(),
  ports: z.array(z.string()),
  volumes: z.array(z.string()),
  labels: pairsSchema,
  stopSignal: z.string().optional(),
  shell: z.array(z.string()).optional(),
  onBuild: z.array(z.string()),
  healthcheck: healthcheckSchema.optional(),
  diffIds: z.array(digestSchema),
  history: z.array(historyEntrySchema),
});
export type ImageConfig = Readonly<z.infer<typeof imageConfigSchema>>;
