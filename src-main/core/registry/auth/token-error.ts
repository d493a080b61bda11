import { z } from 'zod';
import { readStart } from '../transport/body.ts';
import type { HttpResponse } from '../transport/http.ts';
import { parseJson } from '../transport/json.ts';
import { LIMITS } from '../transport/limits.ts';
import { scrubSecrets } from '../transport/redact.ts';
import { type ErrorCode, isRegistryError, RegistryError } from '../transport/registry-error.ts';
import { responseError } from '../transport/response-error.ts';

/** Spec: RFC 6749, 5.2. */
const oauthSchema = z.looseObject({ error: z.string(), error_description: z.string().optional() });

/** What a token server calls a credential that is wrong, whatever the status it says so with. */
const WRONG_CREDENTIAL: ReadonlySet<string> = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client']);
const MAX_TEXT = 1000;

/**
 * The error that a token server's refusal stands for: its status, its codes, and `token` for where. An OAuth2 error
 * that means a wrong credential is `unauthorized` although it comes with 400.
 */
export async function tokenError(
  response: HttpResponse,
  context: { readonly hadCredential: boolean; readonly secrets: readonly string[]; readonly nowMs: number },
): Promise<RegistryError> {
  const { status, headers, trace } = response;
  const body = await readStart(response.body, LIMITS.errorBytes);
  if (status >= 300 && status < 400) {
    const detail = 'the token server redirects, which could lead a credential astray';
    return new RegistryError({ kind: 'protocol', reason: 'token', detail }, trace);
  }
  const told = oauthCode(body, response, context.secrets);
  if (told !== undefined && (status === 400 || status === 401) && WRONG_CREDENTIAL.has(told.code)) {
    const { hadCredential } = context;
    return new RegistryError({ kind: 'unauthorized', hadCredential, codes: [told] }, trace);
  }
  const error = responseError({ status, headers, body, trace, what: 'unknown', ...context });
  if (told === undefined || !('codes' in error.failure) || error.failure.codes.length > 0) return error;
  return new RegistryError({ ...error.failure, codes: [told] }, trace);
}

function oauthCode(body: Uint8Array, { trace }: HttpResponse, secrets: readonly string[]): ErrorCode | undefined {
  const { data } = oauthSchema.safeParse(parsed(body, trace));
  if (data === undefined) return undefined;
  const clean = (text: string, length: number) => scrubSecrets(text, secrets).slice(0, length);
  return { code: clean(data.error, 100), message: clean(data.error_description ?? '', MAX_TEXT) };
}

function parsed(body: Uint8Array, trace: HttpResponse['trace']): unknown {
  try {
    return parseJson(body, trace);
  } catch (error) {
    if (isRegistryError(error)) return undefined;
    throw error;
  }
}
