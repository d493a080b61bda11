import { z } from 'zod';

/** Where a failed request went: never a credential, never a query value outside the allowlist of the redactor. */
export const requestTraceSchema = z.object({
  method: z.string(),
  url: z.string(),
  status: z.int().optional(),
  /** What the hop was for: the registry itself, its token server, or the target of a redirect. */
  hop: z.enum(['registry', 'token', 'redirect']),
  /** How often it was sent, when more than once. */
  attempts: z.int().optional(),
});
export type RequestTrace = z.infer<typeof requestTraceSchema>;

/** What a person reads of a certificate in an error; times are ISO 8601. */
const certificateSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  altNames: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
  fingerprint: z.string(),
});

/** The other scheme that was tried for a host on this machine or network, and how that failed. */
const otherAttemptSchema = z.object({ url: z.string(), reason: z.string(), detail: z.string() });

const codeSchema = z.object({ code: z.string(), message: z.string(), detail: z.string().optional() });
/** `temporary`: the same may succeed later without anybody changing anything; absent otherwise. */
const where = { trace: requestTraceSchema.optional(), temporary: z.literal(true).optional() };
const codes = { codes: z.array(codeSchema) };

/**
 * The only errors that cross the wire. Text for people is made from this in the renderer.
 * `message` fields are a registry's own words, cut and unescaped: show them as text.
 */
export const appErrorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unauthorized'), hadCredential: z.boolean(), ...codes, ...where }),
  z.object({ kind: z.literal('forbidden'), ...codes, ...where }),
  z.object({
    kind: z.literal('not-found'),
    what: z.enum(['registry', 'repository', 'manifest', 'blob', 'archive', 'transfer', 'unknown']),
    ...codes,
    ...where,
  }),
  z.object({ kind: z.literal('rate-limited'), retryAfterSeconds: z.number().optional(), ...codes, ...where }),
  z.object({
    kind: z.literal('unsupported'),
    feature: z.enum(['catalog', 'schema1', 'auth-scheme', 'media-type', 'referrers', 'host']),
    detail: z.string().optional(),
    ...where,
  }),
  z.object({ kind: z.literal('registry'), status: z.int(), ...codes, ...where }),
  z.object({
    kind: z.literal('protocol'),
    reason: z.enum([
      'not-json',
      'html',
      'empty',
      'too-deep',
      'bad-shape',
      'ambiguous',
      'bad-size',
      'encoding',
      'redirect',
      'link',
      'challenge',
      'token',
      'page-loop',
      'stale-list',
      'upload',
    ]),
    detail: z.string(),
    ...where,
  }),
  z.object({
    kind: z.literal('network'),
    reason: z.enum(['dns', 'refused', 'unreachable', 'reset', 'timeout', 'truncated', 'proxy', 'other']),
    host: z.string(),
    detail: z.string(),
    otherAttempt: otherAttemptSchema.optional(),
    ...where,
  }),
  z.object({
    kind: z.literal('tls'),
    reason: z.enum([
      'self-signed',
      'expired',
      'wrong-host',
      'untrusted',
      'not-tls',
      'client-certificate',
      'protocol-version',
      'other',
    ]),
    host: z.string(),
    detail: z.string(),
    /** What the host showed, its own certificate first. */
    certificates: z.array(certificateSchema).max(10).optional(),
    otherAttempt: otherAttemptSchema.optional(),
    ...where,
  }),
  z.object({ kind: z.literal('digest-mismatch'), expected: z.string(), actual: z.string(), ...where }),
  z.object({ kind: z.literal('too-large'), limitBytes: z.number(), what: z.string(), ...where }),
  z.object({
    kind: z.literal('untrusted-host'),
    host: z.string(),
    registryHost: z.string(),
    detail: z.string(),
    /** A token server of another name: `accounts.trustTokenHost` lets the credential go there. */
    canTrust: z.literal(true).optional(),
    /** An upload was to go there: the registry's `uploadHosts` can name it. No credential would be sent along. */
    forUpload: z.literal(true).optional(),
    ...where,
  }),
  z.object({ kind: z.literal('invalid-input'), issues: z.array(z.object({ path: z.string(), message: z.string() })) }),
  z.object({ kind: z.literal('conflict'), what: z.string() }),
  /**
   * Something cannot be copied as it was asked for; `detail` names what is meant, as text from outside:
   * - `same-destination`: another row of the same plan writes this tag;
   * - `bad-name`: the pattern gives a name that no registry takes;
   * - `no-platform`: none of the wanted platforms is in the index;
   * - `cycle`, `too-deep`, `too-many`: an index names itself, or more below it than Gantry follows;
   * - `source-gone`, `destination-gone`: the archive was closed or deleted;
   * - `changed-after`: the tag reads as something else right after it was written.
   */
  z.object({
    kind: z.literal('transfer'),
    reason: z.enum([
      'same-destination',
      'bad-name',
      'no-platform',
      'cycle',
      'too-deep',
      'too-many',
      'source-gone',
      'destination-gone',
      'changed-after',
      'schema1-refused',
    ]),
    detail: z.string(),
  }),
  z.object({ kind: z.literal('credential-store'), reason: z.string() }),
  /** A docker credential helper failed; nothing else was tried in its place. `source` names the file that names it. */
  z.object({
    kind: z.literal('credential-helper'),
    helper: z.string(),
    reason: z.enum(['bad-name', 'not-found', 'timeout', 'failed', 'bad-answer']),
    source: z.string(),
    detail: z.string(),
  }),
  /** A password would cross the network readable though nobody allowed plain http for this registry. */
  z.object({ kind: z.literal('plaintext-auth'), host: z.string(), ...where }),
  z.object({
    kind: z.literal('disk'),
    reason: z.string(),
    /** The file or folder a person chose, by name; absent for the engine's own files. */
    place: z.string().optional(),
    /** Bytes that are kept there, so that trying again goes on from them. */
    keptBytes: z.number().optional(),
  }),
  /** An archive or layout folder cannot be read, or written as asked. `detail` may hold its text: show it as text. */
  z.object({
    kind: z.literal('archive'),
    reason: z.enum([
      'not-an-archive',
      'truncated',
      'bad-entry',
      'bad-path',
      'bad-document',
      'missing-blob',
      'missing-image',
      'damaged',
      'too-large',
      'changed',
      'choose-platform',
      'not-an-image',
    ]),
    /** The last part of its path. */
    archive: z.string(),
    detail: z.string(),
  }),
  /** Looking inside an image failed on what is in it, or on what was asked of it. `detail`: the path, or a number. */
  z.object({
    kind: z.literal('files'),
    reason: z.enum([
      /** Let go meanwhile: `files.open` first. */
      'not-open',
      /** The digest is of an index or artifact, or the manifest has no such layer. */
      'not-an-image',
      'no-such-path',
      'not-a-directory',
      'not-a-file',
      'broken-link',
      'too-many-links',
      /** The file's layer was not read, or is foreign. */
      'no-content',
      'unsafe-path',
      'too-many-entries',
    ]),
    detail: z.string(),
  }),
  z.object({ kind: z.literal('cancelled') }),
  /** Made in the page, never sent: its own host is gone, or does not know the page any more. */
  z.object({ kind: z.literal('host-unreachable'), reason: z.enum(['gone', 'session']) }),
  z.object({ kind: z.literal('internal'), incidentId: z.string() }),
]);
export type AppError = z.infer<typeof appErrorSchema>;
export type AppErrorKind = AppError['kind'];
