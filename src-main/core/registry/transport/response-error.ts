import { z } from 'zod';
import { scanJson } from '#shared/oci/json.ts';
import { mediaTypeOf, singleHeader, type Headers } from './headers.ts';
import { LIMITS } from './limits.ts';
import {
  type ErrorCode,
  type NotFoundWhat,
  RegistryError,
  type RegistryFailure,
  type RequestTrace,
} from './registry-error.ts';
import { scrubSecrets, scrubStart } from './redact.ts';
import { parseRetryAfter } from './retry-after.ts';

const MAX_CODES = 20;
const MAX_TEXT = 1000;

const entrySchema = z.looseObject({
  code: z.union([z.string(), z.number()]).optional(),
  message: z.string().optional(),
  detail: z.unknown().optional(),
});
/** The spec's `errors[]`, and the two shapes token servers and proxies answer with instead. */
const bodySchema = z.looseObject({
  errors: z.array(z.unknown()).optional(),
  message: z.string().optional(),
  details: z.string().optional(),
});

/**
 * The error an answer with an unexpected status stands for.
 * Spec: OCI Distribution 1.1, "Error Codes". Bodies beyond 64 KiB, HTML and unreadable JSON bring no codes.
 */
export function responseError(options: {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly trace: RequestTrace;
  readonly hadCredential: boolean;
  /** What was asked for, when the codes do not say what is missing. */
  readonly what: NotFoundWhat;
  readonly nowMs: number;
  /** Never repeated, though the server echoes them. */
  readonly secrets?: readonly string[];
}): RegistryError {
  if (wantsClientCertificate(options)) return missingCertificate(options.trace);
  const codes = errorCodes(options.body, options.headers, options.secrets ?? []);
  return new RegistryError(failureOf(options, codes), options.trace);
}

/**
 * nginx finishes the handshake without the certificate it demands (or with one it does not take) and then answers 400
 * in HTML, which stands for its own 495 and 496.
 */
function wantsClientCertificate({ status, headers, body }: Parameters<typeof responseError>[0]): boolean {
  if (status === 495 || status === 496) return true;
  if (status !== 400 || mediaTypeOf(headers) !== 'text/html') return false;
  const start = Buffer.from(body.subarray(0, 2000)).toString('latin1');
  return /No required SSL certificate was sent|The SSL certificate error/.test(start);
}

function missingCertificate(trace: RequestTrace): RegistryError {
  const host = URL.parse(trace.url)?.host ?? '';
  const detail = 'the server answered that it wants a client certificate, or another one';
  return new RegistryError({ kind: 'tls', reason: 'client-certificate', host, detail }, trace);
}

function failureOf(options: Parameters<typeof responseError>[0], codes: readonly ErrorCode[]): RegistryFailure {
  switch (options.status) {
    case 401:
      return { kind: 'unauthorized', hadCredential: options.hadCredential, codes };
    case 403:
      return { kind: 'forbidden', codes };
    case 404:
      return { kind: 'not-found', what: missing(codes, options.what), codes };
    case 429: {
      const retryAfterSeconds = parseRetryAfter(singleHeader(options.headers, 'retry-after'), options.nowMs);
      return { kind: 'rate-limited', codes, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
    }
    default:
      return { kind: 'registry', status: options.status, codes };
  }
}

function missing(codes: readonly ErrorCode[], what: NotFoundWhat): NotFoundWhat {
  for (const { code } of codes) {
    if (code === 'NAME_UNKNOWN') return 'repository';
    if (code === 'MANIFEST_UNKNOWN') return 'manifest';
    if (code === 'BLOB_UNKNOWN') return 'blob';
  }
  return what;
}

function errorCodes(body: Uint8Array, headers: Headers, secrets: readonly string[]): readonly ErrorCode[] {
  const text = new TextDecoder().decode(body);
  const clean = (part: string) => scrubSecrets(part, secrets).slice(0, MAX_TEXT);
  if (mediaTypeOf(headers) === 'text/html' || text.trimStart().startsWith('<')) return [];
  const parsed = parseBody(text);
  if (parsed === undefined) {
    const plain = text.trim();
    if (plain === '' || !isText(plain)) return [];
    const message = scrubStart(plain, secrets, body.length >= LIMITS.errorBytes).slice(0, MAX_TEXT);
    return message === '' ? [] : [{ code: 'UNKNOWN', message }];
  }
  if (parsed.errors !== undefined) return parsed.errors.slice(0, MAX_CODES).flatMap((entry) => toCode(entry, clean));
  const message = parsed.message ?? parsed.details;
  return message === undefined ? [] : [{ code: 'UNKNOWN', message: clean(message) }];
}

/** Undefined for what is no JSON object, or nests too deep. */
function parseBody(text: string): z.infer<typeof bodySchema> | undefined {
  try {
    scanJson(text);
    return bodySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function toCode(entry: unknown, clean: (text: string) => string): readonly ErrorCode[] {
  const { data } = entrySchema.safeParse(entry);
  if (data === undefined) return [];
  const detail = detailText(data.detail);
  const code = { code: clean(String(data.code ?? 'UNKNOWN')).slice(0, 100), message: clean(data.message ?? '') };
  return [detail === undefined ? code : { ...code, detail: clean(detail) }];
}

function detailText(detail: unknown): string | undefined {
  if (detail === undefined || detail === null) return undefined;
  return typeof detail === 'string' ? detail : JSON.stringify(detail);
}

/** Plain words, not a binary or half a JSON document. */
function isText(text: string): boolean {
  return !text.startsWith('{') && !text.startsWith('[') && !/(?![\t\n\v\f\r])[\p{Cc}\ufffd]/u.test(text);
}
