import { z } from 'zod';
import { platformSchema } from '../oci/platform.ts';
import { procedure } from './procedure.ts';

/** What this host can do. The renderer asks for an ability, never for a name. */
export const capabilitiesSchema = z.object({
  nativeDialogs: z.boolean(),
  /** The page may name files of this machine by their paths: those that were dropped onto it. */
  localPaths: z.boolean(),
  dragOut: z.boolean(),
  updates: z.boolean(),
  /** The host itself asks before it opens an external link; where false the page asks. */
  confirmsExternalLinks: z.boolean(),
});

/** Where secrets are kept: the OS keychain, or memory only, with the reason in words for a person. */
export const credentialStoreStatusSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keychain'), name: z.string() }),
  z.object({ kind: z.literal('memory'), reason: z.string() }),
]);

/**
 * Something that went wrong at the start, which the app lives with and a person has to be told:
 * - `database-reset`: the list of registries, pins and settings could not be read and began anew; `detail` is the full
 *   path of the old file, which is kept.
 * - `transfers-reset`: the same of the list of transfers; what was not done has to be begun again.
 * - `transfers-not-kept`: another Gantry uses this data folder (`detail`) and keeps its transfers there; those begun here
 *   end with this process.
 * - `local-registry-failed`: the Local registry does not run; `detail` says why.
 */
export const noticeSchema = z.object({
  kind: z.enum(['database-reset', 'transfers-reset', 'transfers-not-kept', 'local-registry-failed']),
  detail: z.string(),
});

export const hostInfoSchema = z.object({
  version: z.string(),
  capabilities: capabilitiesSchema,
  credentialStore: credentialStoreStatusSchema,
  /** The platform chosen by default from an index: linux with this machine's architecture. */
  platform: platformSchema,
  /** State of the embedded registry: `127.0.0.1:PORT`, or why it does not run. */
  localRegistry: z.discriminatedUnion('state', [
    z.object({ state: z.literal('running'), address: z.string() }),
    z.object({ state: z.literal('failed'), reason: z.string() }),
  ]),
  dataDir: z.string(),
  /** In the order they happened; empty after a start without trouble. */
  notices: z.array(noticeSchema),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;

export const hostContract = {
  /** What the page needs to know of the host and engine, once at start. */
  info: procedure.output(hostInfoSchema),
};
