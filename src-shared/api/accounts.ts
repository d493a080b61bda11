import { z } from 'zod';
import { registryIdSchema, repositoryNameSchema } from './common.ts';
import { procedure } from './procedure.ts';
import { registrySchema } from './registries.ts';

/** One place that was looked at for a credential, in the order looked. */
const consideredSchema = z.object({
  source: z.enum(['keychain', 'environment', 'docker-config', 'podman-config', 'helper']),
  /** The file or variable; for a helper its name: `docker-credential-pass`. */
  place: z.string(),
  /** The key that matched: `ghcr.io/acme`. */
  key: z.string().optional(),
  outcome: z.enum(['used', 'no-match', 'absent', 'unreadable', 'failed', 'not-reached']),
  detail: z.string().optional(),
});

/** Why this credential: never the credential itself. */
export const credentialExplanationSchema = z.object({
  kind: z.enum(['anonymous', 'password', 'bearer', 'identity']),
  username: z.string().optional(),
  /** One sentence: `from docker config, key ghcr.io/acme`. */
  why: z.string(),
  considered: z.array(consideredSchema),
});
export type CredentialExplanation = z.infer<typeof credentialExplanationSchema>;

export const accountsContract = {
  /** @throws credential-helper when the helper that is responsible fails. */
  explain: procedure
    .input(z.object({ id: registryIdSchema, repository: repositoryNameSchema.optional() }))
    .output(credentialExplanationSchema),
  /** Lets the registry's credential go to a token server of another name, or takes that back. */
  trustTokenHost: procedure
    .input(z.object({ id: registryIdSchema, host: z.string().min(1).max(512), trusted: z.boolean() }))
    .output(registrySchema),
  /**
   * Bytes of layers on this computer that go with a sign-out: those that this registry alone gave, and those that an
   * earlier version of Gantry kept without noting from where, which may be from it.
   */
  keptLayers: procedure
    .input(z.object({ id: registryIdSchema }))
    .output(z.object({ bytes: z.number(), unknownBytes: z.number() })),
  /** Deletes the stored secret (and client key) for good and makes the registry anonymous. */
  signOut: procedure.input(z.object({ id: registryIdSchema })).output(registrySchema),
};
