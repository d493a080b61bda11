import { discard } from './body.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { RegistryError } from './registry-error.ts';
import { type NextTry, type Retrier, type Setback, setbackOfAnswer, setbackOfError } from './retry.ts';
import { type HopRequest, type SendContext, sendOnce } from './send.ts';
import { waitForTry } from './wait-for-try.ts';

/**
 * Sends a request, and again after what may pass: a busy server, a lost connection. Only requests that may be
 * repeated, only for as long as `retrier` allows; the last answer or failure is the outcome, and says how often.
 * Holds no place while it waits. Spec: RFC 9110, 9.2.2 "Idempotent Methods", 10.2.3 "Retry-After"; SECURITY-CASES L04,
 * FI06–FI08.
 * @throws {RegistryError}
 */
export async function sendRepeating(
  hop: Omit<HopRequest, 'attempt'>,
  retrier: Retrier,
  context: SendContext,
): Promise<HttpResponse> {
  const { request, url } = hop;
  const { endpoint, signal } = request;
  if (!isRepeatable(request)) {
    const response = await sendOnce({ ...hop, attempt: 1 }, context);
    notePause(url, response, context);
    return response;
  }
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await settle(sendOnce({ ...hop, attempt }, context));
    const setback = setbackOf(outcome, context);
    const next = setback === undefined ? undefined : retrier.next(setback);
    if (setback === undefined || next === undefined) {
      if (outcome instanceof RegistryError) throw outcome;
      return outcome;
    }
    if (!(outcome instanceof RegistryError)) discard(outcome.body);
    pauseHost(url, setback, next, context);
    await waitForTry({ endpoint, signal, setback, next }, context);
  }
}

/** Reading twice changes nothing; what writes, or spends a refresh token, says so itself when it may be repeated. */
function isRepeatable({ method, repeatable }: HttpRequest): boolean {
  return repeatable ?? (method === 'GET' || method === 'HEAD');
}

async function settle(sent: Promise<HttpResponse>): Promise<HttpResponse | RegistryError> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
}

function setbackOf(outcome: HttpResponse | RegistryError, { clock }: SendContext): Setback | undefined {
  if (outcome instanceof RegistryError) return setbackOfError(outcome);
  return setbackOfAnswer(outcome.status, outcome.headers, clock.now());
}

/** Who sent this decides whether to send it again; until the time that the server named everybody waits. */
function notePause(url: URL, { status, headers }: HttpResponse, context: SendContext): void {
  const nowMs = context.clock.now();
  const setback = setbackOfAnswer(status, headers, nowMs);
  if (setback?.retryAfterSeconds === undefined) return;
  const delayMs = setback.retryAfterSeconds * 1000;
  pauseHost(url, setback, { untilMs: nowMs + delayMs, delayMs, isAsked: true }, context);
}

/**
 * A time that the server named holds for its whole host, and for no other; but nobody else is made to wait longer
 * than a person would: what may not be asked now may be one kind of request only.
 */
function pauseHost(
  url: URL,
  { reason }: Setback,
  { untilMs, delayMs, isAsked }: Pick<NextTry, 'untilMs' | 'delayMs' | 'isAsked'>,
  context: SendContext,
): void {
  if (!isAsked || delayMs > context.retry.interactiveBudgetMs) return;
  context.scheduler.pause(url.host, { untilMs, reason });
}
