import { readStart } from '../transport/body.ts';
import type { HttpRequest, HttpResponse, Transport } from '../transport/http.ts';
import { LIMITS } from '../transport/limits.ts';
import type { NotFoundWhat, RegistryError } from '../transport/registry-error.ts';
import { responseError } from '../transport/response-error.ts';
import { toCancelled } from '../transport/node-failure.ts';
import type { AuthSession } from './session.ts';

type AuthorizedDeps = {
  readonly transport: Transport;
  readonly session: AuthSession;
  readonly nowMs: () => number;
  /** What a refused request asked for. */
  readonly what: NotFoundWhat;
};

/**
 * Sends a request as the session's person: with what is known, and after a 401 once more with what the challenge
 * asks for; a second 401 is final (SECURITY-CASES A12). A 401 of a redirect target is not ours to answer (R08).
 * @throws {RegistryError} also `unauthorized` for that second 401; any other status is an answer
 */
export async function sendAuthorized(
  request: HttpRequest,
  scopes: readonly string[],
  deps: AuthorizedDeps,
): Promise<HttpResponse> {
  const { session, transport } = deps;
  try {
    const opening = await session.firstContact.run(() => open(request, scopes, deps), request.signal);
    if ('response' in opening) return opening.response;
    const { authorization } = opening;
    const second = await transport.send({ ...request, authorization, secrets: session.secrets() });
    if (second.status !== 401) return second;
    throw refused(second, await readStart(second.body, LIMITS.errorBytes), true, deps);
  } catch (error) {
    throw request.signal?.aborted === true ? toCancelled(error) : error;
  }
}

type Opening = { readonly response: HttpResponse } | { readonly authorization: string };

/** The first try, and after a 401 what to send with the second. @throws {RegistryError} `unauthorized` when there is none */
async function open(request: HttpRequest, scopes: readonly string[], deps: AuthorizedDeps): Promise<Opening> {
  const { session, transport } = deps;
  const tried = await session.authorize(scopes, request.signal);
  const response = await transport.send({ ...request, authorization: tried, secrets: session.secrets() });
  if (response.status !== 401) return { response };
  const body = await readStart(response.body, LIMITS.errorBytes);
  const isOurs = response.trace.hop !== 'redirect';
  const authorization = isOurs ? await session.answer(response, tried, scopes, request.signal) : undefined;
  if (authorization === undefined) throw refused(response, body, tried !== undefined, deps);
  return { authorization };
}

function refused(
  response: HttpResponse,
  body: Uint8Array,
  sentSomething: boolean,
  deps: AuthorizedDeps,
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
