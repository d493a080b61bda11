import { readStart } from '../transport/body.ts';
import type { HttpRequest, HttpResponse, Transport } from '../transport/http.ts';
import { LIMITS } from '../transport/limits.ts';
import type { NotFoundWhat, RegistryError } from '../transport/registry-error.ts';
import { responseError } from '../transport/response-error.ts';
import { toCancelled } from '../transport/node-failure.ts';
import { saysInsufficientScope } from './escalation.ts';
import type { Attempt } from './presenter.ts';
import type { AuthSession } from './session.ts';
import { answerTarget } from './target-token.ts';
import type { TokenDeps } from './token.ts';

type AuthorizedDeps = TokenDeps & {
  readonly transport: Transport;
  readonly session: AuthSession;
  readonly nowMs: () => number;
  /** What a refused request asked for. */
  readonly what: NotFoundWhat;
};

/** One request on its way to an answer. */
type Errand = { readonly request: HttpRequest; readonly scopes: readonly string[]; readonly deps: AuthorizedDeps };

type Step = { readonly response: HttpResponse } | { readonly next: Attempt };

/** Unsigned or with what is known; with what the challenge asks for; with what was only then found to be missing. */
const MAX_ROUNDS = 3;

/**
 * Sends a request as the session's person: with what is known, and after a 401 once more with what the challenge asks
 * for; a second 401 is final (SECURITY-CASES A12), unless it names scopes that were lacking and may be had, or the
 * credential's source has another one by now. A redirect's target gets an anonymous token at most (R08).
 * @throws {RegistryError} also `unauthorized` for the final 401, `forbidden` when it means that a signed-in person lacks
 * rights; any other status is an answer
 * @throws {CredentialHelperError}
 */
export async function sendAuthorized(
  request: HttpRequest,
  scopes: readonly string[],
  deps: AuthorizedDeps,
): Promise<HttpResponse> {
  const { session } = deps;
  const answerRedirectChallenge: HttpRequest['answerRedirectChallenge'] = (refused) =>
    answerTarget(refused, { endpoint: request.endpoint, secrets: session.secrets(), deps, caller: request });
  const errand: Errand = { request: { ...request, answerRedirectChallenge }, scopes, deps };
  try {
    return await session.firstContact.run(() => sendInRounds(errand), request.signal);
  } catch (error) {
    throw request.signal?.aborted === true ? toCancelled(error) : error;
  }
}

async function sendInRounds(errand: Errand): Promise<HttpResponse> {
  const { request, scopes, deps } = errand;
  let step: Step = { next: await deps.session.authorize(scopes, request) };
  for (let round = 1; 'next' in step; round += 1) step = await send(errand, step.next, round);
  return step.response;
}

/** One round: the answer, or what to send next. @throws {RegistryError} `unauthorized` when there is nothing to send */
async function send(errand: Errand, attempt: Attempt, round: number): Promise<Step> {
  const { request, scopes, deps } = errand;
  const { session, transport } = deps;
  const { authorization } = attempt;
  const response = await transport.send({ ...request, authorization, secrets: session.secrets() });
  const isOurs = response.trace.hop !== 'redirect';
  const isWider = isOurs && round < MAX_ROUNDS && session.learn(response, scopes);
  const use = { scopes, caller: request };
  if (isOurs && isTaken(response)) session.conclude(attempt, use);
  if (response.status !== 401 && !isWider) return { response };
  // Read at once: the request for a token may need the place that this answer holds.
  const body = await readStart(response.body, LIMITS.errorBytes);
  const next = isOurs ? await nextAttempt(errand, { attempt, response, round, isWider }) : undefined;
  if (next !== undefined) return { next };
  const error = refused(response, body, attempt, deps);
  if (isOurs && error.kind === 'unauthorized') session.conclude(attempt, use, error);
  throw error;
}

/** A registry that is broken or busy says nothing of the credential. */
function isTaken({ status }: HttpResponse): boolean {
  return status < 500 && status !== 401 && status !== 429;
}

async function nextAttempt(
  { request, scopes, deps: { session } }: Errand,
  last: {
    readonly attempt: Attempt;
    readonly response: HttpResponse;
    readonly round: number;
    readonly isWider: boolean;
  },
): Promise<Attempt | undefined> {
  const { attempt, response, round, isWider } = last;
  if (round === 1 && response.status === 401) return await session.answer(response, attempt, scopes, request);
  if (isWider) return await session.widened(attempt, scopes, request);
  return round < MAX_ROUNDS ? await session.another(attempt, scopes, request) : undefined;
}

function refused(response: HttpResponse, body: Uint8Array, attempt: Attempt, deps: AuthorizedDeps): RegistryError {
  const { headers, trace } = response;
  // No redirect target ever saw the credential.
  const wasOurs = trace.hop !== 'redirect' && attempt.authorization !== undefined;
  const hadCredential = wasOurs && attempt.identity?.credential !== undefined;
  return responseError({
    // The sign-in is good and its rights are not enough, which distribution says with 401 and RFC 6750 with 403.
    status: hadCredential && saysInsufficientScope(response) ? 403 : response.status,
    headers,
    body,
    trace,
    hadCredential,
    what: deps.what,
    nowMs: deps.nowMs(),
    secrets: deps.session.secrets(),
  });
}
