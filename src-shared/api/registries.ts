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
  /** An OAuth2 refresh token (docker calls it identity token), exchanged at the token server for each set of scopes. */
  z.object({ kind: z.literal('identity'), secret: z.string().min(1).max(65_536) }),
  /** Whatever docker's and podman's config files and credential helpers hold, looked up anew when it is needed. */
  z.object({ kind: z.literal('config') }),
  /** Only in `update` and `test` of a stored registry: keep what the keychain holds. */
  z.object({ kind: z.literal('unchanged') }),
]);

const PEM_MAX = 262_144;

/** `unchanged` keeps what is stored; the key itself never comes back. */
const clientKeyInputSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('set'),
    pem: z.string().min(1).max(PEM_MAX),
    passphrase: z.string().max(1024).optional(),
  }),
  z.object({ kind: z.literal('unchanged') }),
]);

/** PEM texts. A client certificate comes with its key. */
const tlsInputSchema = z.object({
  /** Authorities trusted for this registry besides the system's. */
  caPem: z.string().max(PEM_MAX).optional(),
  clientCertificate: z.object({ pem: z.string().min(1).max(PEM_MAX), key: clientKeyInputSchema }).optional(),
});

/** `system`: HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment. */
export const proxyChoiceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('system') }),
  z.object({ kind: z.literal('none') }),
  /** `http://host:port` or `https://host:port`, without user name and password. */
  z.object({ kind: z.literal('url'), url: z.string().min(1).max(2048) }),
]);
export type ProxyChoice = z.infer<typeof proxyChoiceSchema>;

export const LEAST_CHUNK_BYTES = 64 * 1024;
export const MOST_CHUNK_BYTES = 1024 * 1024 * 1024;

/** Blobs are sent in chunks of so many bytes from the start. Absent: in one body, and in chunks where that fails. */
const uploadChunkBytesSchema = z.int().min(LEAST_CHUNK_BYTES).max(MOST_CHUNK_BYTES);

const connectionInputSchema = z.object({
  /** As a person types or pastes it: `docker.io`, `https://reg.example:5000/v2/`; normalised by the engine. */
  host: z.string().min(1).max(2048),
  label: z.string().max(200).optional(),
  plainHttp: z.boolean().default(false),
  skipVerification: z.boolean().default(false),
  auth: authInputSchema,
  tls: tlsInputSchema.default({}),
  proxy: proxyChoiceSchema.default({ kind: 'system' }),
  /** What stands before `/v2/` in the registry's addresses, when it lives below a path: `/registry`. */
  apiPrefix: z.string().max(512).default(''),
  /** A mirror keeps its repositories below this path: `hub` makes `library/nginx` `hub/library/nginx`. */
  repositoryPrefix: z.string().max(255).default(''),
  /** Token servers (`host[:port]`) the credential may be sent to besides the registry's own and the built-in pairs. */
  trustedTokenHosts: z.array(z.string().min(1).max(512)).max(50).default([]),
  /** Hosts (`host[:port]`) that the registry may have uploads sent to: by https, without the credential. */
  uploadHosts: z.array(z.string().min(1).max(512)).max(50).default([]),
  uploadChunkBytes: uploadChunkBytesSchema.optional(),
});
export type ConnectionInput = z.input<typeof connectionInputSchema>;

/** What a person reads of a certificate. Times are ISO 8601; fingerprint is SHA-256 in hex pairs with colons. */
export const certificateInfoSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  altNames: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
  fingerprint: z.string(),
});
export type CertificateInfo = z.infer<typeof certificateInfoSchema>;

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
    z.object({ kind: z.literal('identity') }),
    z.object({ kind: z.literal('config') }),
  ]),
  /**
   * `missing`: a credential is expected but no store holds it (memory-only store, after a restart); `config`: it is
   * looked up in docker's and podman's files.
   */
  secret: z.enum(['none', 'keychain', 'memory', 'missing', 'config']),
  /** The name under which the keychain lists the secret, so that a person finds it there. */
  keychainName: z.string().optional(),
  /** PEM texts are no secrets and come back to be edited; the client key never does. */
  tls: z.object({
    caPem: z.string().optional(),
    clientCertificatePem: z.string().optional(),
    hasClientKey: z.boolean(),
  }),
  proxy: proxyChoiceSchema,
  apiPrefix: z.string(),
  repositoryPrefix: z.string(),
  trustedTokenHosts: z.array(z.string()),
  uploadHosts: z.array(z.string()),
  uploadChunkBytes: uploadChunkBytesSchema.optional(),
});
export type Registry = z.infer<typeof registrySchema>;

const headerLinesSchema = z.array(z.tuple([z.string(), z.string()]));

/** One request and its answer, redacted by allowlist: header values outside it are said to be hidden. */
export const exchangeSchema = z.object({
  method: z.string(),
  url: z.string(),
  requestHeaders: headerLinesSchema,
  status: z.int().optional(),
  responseHeaders: headerLinesSchema,
  /** The beginning of the answer's body when it is text that holds no secret (never a token answer). */
  bodyStart: z.string().optional(),
});
export type Exchange = z.infer<typeof exchangeSchema>;

/**
 * One rung of the connection test. A rung comes first as `running`, then once more with its result. `address`: DNS
 * and proxy; `connect`: TCP and TLS; `credential`: which one and why; `scopes`: what the token grants; `call`: the
 * catalog, or why there is none.
 */
export const connectionStepSchema = z.object({
  step: z.enum(['address', 'connect', 'ping', 'challenge', 'credential', 'token', 'scopes', 'call']),
  state: z.enum(['running', 'ok', 'warning', 'failed', 'skipped']),
  /** Facts for a person, already redacted: `HTTP 401, Basic realm="x"`. */
  detail: z.string(),
  durationMs: z.number().optional(),
  error: appErrorSchema.optional(),
  /** What went over the wire for this rung, in order; absent for rungs that send nothing. */
  exchanges: z.array(exchangeSchema).optional(),
  /** The certificate chain the host showed, its own first. */
  certificates: z.array(certificateInfoSchema).optional(),
});
export type ConnectionStep = z.infer<typeof connectionStepSchema>;

const suggestionSchema = z.object({
  host: z.string(),
  label: z.string(),
  source: z.enum(['well-known', 'docker-config', 'podman-config']),
  /** The config file names a credential for this host. The secret itself stays there. */
  hasCredential: z.boolean(),
  /** Whom the file names, when it says so without asking a helper. */
  username: z.string().optional(),
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
