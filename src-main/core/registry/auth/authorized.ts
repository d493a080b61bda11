import { readStart } from '../transport/body.ts';
import type { HttpRequest, HttpResponse, Transport } from '../transport/http.ts';
import { LIMITS } from '../transport/limits.ts';
import type { NotFoundWhat, RegistryError } from '../transport/registry-error.ts';
import { responseError } from '../transport/response-error.ts';
import { toCancelled } from '../transport/node-failure.ts';
import type { AuthSession } from './session.ts';

/**
 * Sends a request as the session's person: with what is known, and after a 401 once more with what the challenge
 * asks for; a second 401 is final (SECURITY-CASES A12). A 401 of a redirect target is not ours to answer (R08).
 * @throws {RegistryError} also `unauthorized` for that second 401; any other status is an answer
 */
export async function sendAuthorized(
  request: HttpRequest,
  scopes: readonly string[],
  deps: {
    readonly transport: Transport;
    readonly session: AuthSession;
    readonly nowMs: () => number;
    readonly what: NotFoundWhat;
  },
): Promise<HttpResponse> {
  const { session, transport } = deps;
  try {
    const tried = await session.authorize(scopes, request.signal);
    const first = await transport.send({ ...request, authorization: tried, secrets: session.secrets() });
    if (first.status !== 401) return first;
    const body = await readStart(first.body, LIMITS.errorBytes);
    const next =
      first.trace.hop === 'redirect' ? undefined : await session.answer(first, tried, scopes, request.signal);
    if (next === undefined) throw refused(first, body, tried !== undefined, deps);
    const second = await transport.send({ ...request, authorization: next, secrets: session.secrets() });
    if (second.status !== 401) return second;
    throw refused(second, await readStart(second.body, LIMITS.errorBytes), true, deps);
  } catch (error) {
    throw request.signal?.aborted === true ? toCancelled(error) : error;
  }
}

function refused(
  response: HttpResponse,
  body: Uint8Array,
  sentSomething: boolean,
  deps: { readonly session: AuthSession; readonly nowMs: () => number; readonly what: NotFoundWhat },
): RegistryError {
  return responseError({
    status: response.status,
    headers: response.headers,
    body,
    trace: response.trace,
    // No redirect target ever saw the credential.
    hadCredential: deps.session.hasCredential && sentSomething && response.trace.hop !== 'redirect',
    what: deps.what,
    nowMs: deps.nowMs(),
    secrets: deps.session.secrets(),
  });
}
