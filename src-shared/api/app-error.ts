import { z } from 'zod';

/** Where a failed request went: never a credential, never a query value outside the allowlist of the redactor. */
export const requestTraceSchema = z.object({
  method: z.string(),
  url: z.string(),
  status: z.int().optional(),
  /** What the hop was for: the registry itself, its token server, or the target of a redirect. */
  hop: z.enum(['registry', 'token', 'redirect']),
});
export type RequestTrace = z.infer<typeof requestTraceSchema>;

const codeSchema = z.object({ code: z.string(), message: z.string(), detail: z.string().optional() });
const where = { trace: requestTraceSchema.optional() };
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
    what: z.enum(['registry', 'repository', 'manifest', 'blob', 'unknown']),
    ...codes,
    ...where,
  }),
  z.object({ kind: z.literal('rate-limited'), retryAfterSeconds: z.number().optional(), ...codes, ...where }),
  z.object({
    kind: z.literal('unsupported'),
    feature: z.enum(['catalog', 'schema1', 'auth-scheme', 'media-type']),
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
    ]),
    detail: z.string(),
    ...where,
  }),
  z.object({
    kind: z.literal('network'),
    reason: z.enum(['dns', 'refused', 'unreachable', 'reset', 'timeout', 'truncated', 'other']),
    host: z.string(),
    detail: z.string(),
    ...where,
  }),
  z.object({
    kind: z.literal('tls'),
    reason: z.enum(['self-signed', 'expired', 'wrong-host', 'untrusted', 'not-tls', 'other']),
    host: z.string(),
    detail: z.string(),
    ...where,
  }),
  z.object({ kind: z.literal('digest-mismatch'), expected: z.string(), actual: z.string(), ...where }),
  z.object({ kind: z.literal('too-large'), limitBytes: z.number(), what: z.string(), ...where }),
  z.object({
    kind: z.literal('untrusted-host'),
    host: z.string(),
    registryHost: z.string(),
    detail: z.string(),
    ...where,
  }),
  z.object({ kind: z.literal('invalid-input'), issues: z.array(z.object({ path: z.string(), message: z.string() })) }),
  z.object({ kind: z.literal('conflict'), what: z.string() }),
  z.object({ kind: z.literal('credential-store'), reason: z.string() }),
  z.object({ kind: z.literal('disk'), reason: z.string() }),
  z.object({ kind: z.literal('cancelled') }),
  /** Made in the page, never sent: its own host is gone, or does not know the page any more. */
  z.object({ kind: z.literal('host-unreachable'), reason: z.enum(['gone', 'session']) }),
  z.object({ kind: z.literal('internal'), incidentId: z.string() }),
]);
export type AppError = z.infer<typeof appErrorSchema>;
export type AppErrorKind = AppError['kind'];
