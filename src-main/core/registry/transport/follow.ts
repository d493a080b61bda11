import { Readable } from 'node:stream';
import { discard, readStart } from './body.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { LIMITS } from './limits.ts';
import { isRedirect, redirectTarget } from './redirect.ts';
import { RegistryError } from './registry-error.ts';
import { createRetrier, type Retrier } from './retry.ts';
import type { HopRequest, SendContext } from './send.ts';
import { sendRepeating } from './send-repeating.ts';

/** Follows redirects by hand, each hop judged anew. Spec: RFC 9110, 15.4; SECURITY-CASES R01–R09. */
export async function sendFollowing(request: HttpRequest, context: SendContext): Promise<HttpResponse> {
  let hop: Omit<HopRequest, 'attempt'> = {
    request,
    url: request.url,
    authorization: request.authorization,
    hop: request.hop,
  };
  const retrier = request.retrier ?? createRetrier(context.retry, context.clock, request.priority);
  for (let redirects = 0; ; redirects += 1) {
    const response = await answerChallenge(hop, await sendRepeating(hop, retrier, context), retrier, context);
    if (request.redirects === 'refuse' || !isRedirect(response.status)) return response;
    discard(response.body);
    checkMayFollow(request, response, redirects);
    const url = redirectTarget({
      from: hop.url,
      headers: response.headers,
      reach: context.dispatchers.reachOf(request.endpoint.url.hostname),
      registryUrl: request.endpoint.url,
      classify: context.classify,
      trace: response.trace,
      secrets: request.secrets ?? [],
    });
    hop = {
      request,
      url,
      authorization: url.origin === hop.url.origin ? hop.authorization : undefined,
      hop: url.origin === request.endpoint.url.origin ? hop.hop : 'redirect',
    };
  }
}

/**
 * A POST that is sent elsewhere would arrive as a GET (301–303), or carry its body to whom it was not meant for.
 * @throws {RegistryError} `protocol{redirect}` (SECURITY-CASES R05, R07)
 */
function checkMayFollow({ method }: HttpRequest, { trace, status }: HttpResponse, redirects: number): void {
  const refuse = (detail: string) => new RegistryError({ kind: 'protocol', reason: 'redirect', detail }, trace);
  if (method !== 'GET' && method !== 'HEAD') throw refuse(`${method} was redirected (HTTP ${status})`);
  if (redirects === LIMITS.redirects) throw refuse(`more than ${LIMITS.redirects} redirects`);
}

/**
 * The answer to the 401 of a redirect's target, when the request has somebody who knows one; what they give goes to
 * that target's origin alone, and once (SECURITY-CASES R08). The refused answer holds no place meanwhile.
 */
async function answerChallenge(
  hop: Omit<HopRequest, 'attempt'>,
  refused: HttpResponse,
  retrier: Retrier,
  context: SendContext,
): Promise<HttpResponse> {
  const { answerRedirectChallenge, signal } = hop.request;
  if (refused.status !== 401 || hop.hop !== 'redirect' || answerRedirectChallenge === undefined) return refused;
  if (hop.authorization !== undefined) return refused;
  const start = await readStart(refused.body, LIMITS.errorBytes);
  const kept: HttpResponse = { ...refused, body: Readable.from([start], { objectMode: false }) };
  const authorization = await answerRedirectChallenge(kept, signal);
  return authorization === undefined ? kept : sendRepeating({ ...hop, authorization }, retrier, context);
}
