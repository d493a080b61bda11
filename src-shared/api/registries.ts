import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { appErrorSchema } from './app-error.ts';
import { registryIdSchema } from './common.ts';
import { procedure } from './procedure.ts';

/** Secrets go in, never out. `bearer` is a registry token sent as it is. */
const authInputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('anonymous') }),
  z.object({
    kind: z.literal('password'),
    username: z.string().min(1).max(512),
    secret: z.string().min(1).max(65_536),
  }),
  z.object({ kind: z.literal('bearer'), secret: z.string().min(1).max(65_536) }),
  /** Only in `update` and `test` of a stored registry: keep what the keychain holds. */
  z.object({ kind: z.literal('unchanged') }),
]);

const connectionInputSchema = z.object({
  /** As a person types or pastes it: `docker.io`, `https://reg.example:5000/v2/`; normalised by the engine. */
  host: z.string().min(1).max(2048),
  label: z.string().max(200).optional(),
  plainHttp: z.boolean().default(false),
  skipVerification: z.boolean().default(false),
  auth: authInputSchema,
});
export type ConnectionInput = z.input<typeof connectionInputSchema>;

export const registrySchema = z.object({
  id: registryIdSchema,
  /** Canonical `host[:port]`: `docker.io`, `127.0.0.1:5000`. */
  host: z.string(),
  /** What the tree shows; the host when a person gave no label. */
  label: z.string(),
  kind: z.enum(['local', 'remote']),
  plainHttp: z.boolean(),
  skipVerification: z.boolean(),
  auth: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('anonymous') }),
    z.object({ kind: z.literal('password'), username: z.string() }),
    z.object({ kind: z.literal('bearer') }),
  ]),
  /** `missing`: a credential is expected but no store holds it (memory-only store, after a restart). */
  secret: z.enum(['none', 'keychain', 'memory', 'missing']),
});
export type Registry = z.infer<typeof registrySchema>;

/** One rung of the connection test. A rung comes first as `running`, then once more with its result. */
export const connectionStepSchema = z.object({
  step: z.enum(['address', 'connect', 'ping', 'challenge', 'sign-in', 'catalog']),
  state: z.enum(['running', 'ok', 'warning', 'failed', 'skipped']),
  /** Facts for a person, already redacted: `HTTP 401, Basic realm="x"`. */
  detail: z.string(),
  durationMs: z.number().optional(),
  error: appErrorSchema.optional(),
});
export type ConnectionStep = z.infer<typeof connectionStepSchema>;

const suggestionSchema = z.object({
  host: z.string(),
  label: z.string(),
  source: z.enum(['well-known', 'docker-config', 'podman-config']),
  /** The config file names a credential for this host. The secret itself stays there. */
  hasCredential: z.boolean(),
});
export type RegistrySuggestion = z.infer<typeof suggestionSchema>;

const idInput = z.object({ id: registryIdSchema });

export const registriesContract = {
  /** Local first, then in the order added. */
  list: procedure.output(z.array(registrySchema)),
  /** @throws conflict when that host with that user is there already; invalid-input for an unusable host. */
  add: procedure.input(connectionInputSchema).output(registrySchema),
  update: procedure.input(connectionInputSchema.extend({ id: registryIdSchema })).output(registrySchema),
  /** Removes the registry and its secret. The Local registry cannot be removed (conflict). */
  remove: procedure.input(idInput).output(z.object({ removed: z.boolean() })),
  /** Tries a connection step by step without saving anything; ends after the last rung. */
  test: procedure
    .input(connectionInputSchema.extend({ id: registryIdSchema.optional() }))
    .output(eventIterator(connectionStepSchema)),
  /** Registries this person probably wants, for the first run: from docker and podman config, and well-known ones. */
  suggestions: procedure.output(z.array(suggestionSchema)),
};
