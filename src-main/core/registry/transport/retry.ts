import type { Clock } from '../../ports.ts';
import type { Priority } from '../registry-client.ts';
import { type Headers, singleHeader } from './headers.ts';
import { parseRateLimit } from './rate-limit.ts';
import { type NetworkReason, RegistryError } from './registry-error.ts';
import { parseRetryAfter } from './retry-after.ts';
import { isTemporaryStatus, temporaryFailure } from './temporary.ts';

export type RetryPolicy = {
  /** Times a request is sent in all. */
  readonly tries: number;
  /** The same for a transfer, since the last time it got on. */
  readonly transferTries: number;
  /** Before the second try at most; twice as much before each further one. */
  readonly baseMs: number;
  readonly maxDelayMs: number;
  /** From the first try on. Nobody looks at a spinner for longer; what takes longer fails and says when to come back. */
  readonly interactiveBudgetMs: number;
  /** Of a transfer it is the sum of its waits: one body may take hours before it breaks off, or a night's sleep. */
  readonly backgroundBudgetMs: number;
  /** 0 to 1, for the jitter. */
  readonly random: () => number;
};

/**
 * SECURITY-CASES §5: full jitter, 0.5 s doubling to 30 s, six tries, ten minutes. Twelve tries, some three minutes, are
 * for a transfer that nobody watches, and outlast a router that starts anew.
 */
export const DEFAULT_RETRY: RetryPolicy = {
  tries: 6,
  transferTries: 12,
  baseMs: 500,
  maxDelayMs: 30_000,
  interactiveBudgetMs: 30_000,
  backgroundBudgetMs: 600_000,
  random: Math.random,
};

/** Why a request may be sent again, and what the server says about when. */
export type Setback = {
  readonly kind: 'busy' | 'server-error' | 'lost' | 'dns' | 'connect-timeout';
  /** For a person: `HTTP 503`. */
  readonly reason: string;
  readonly retryAfterSeconds?: number;
};

/**
 * While a person waits: how often what seldom mends itself is tried. A server error is more often a bug than a
 * restart, a resolver that does not answer means no network, and a second connect timeout already makes 20 s.
 */
const INTERACTIVE_TRIES = { busy: 6, 'server-error': 4, lost: 4, dns: 3, 'connect-timeout': 2 } as const;

/** Undefined for an answer that would be the same again. */
export function setbackOfAnswer(status: number, headers: Headers, nowMs: number): Setback | undefined {
  if (!isTemporaryStatus(status)) return undefined;
  const retryAfterSeconds = parseRetryAfter(singleHeader(headers, 'retry-after'), nowMs);
  const reason = `HTTP ${status}`;
  if (retryAfterSeconds !== undefined) return { kind: 'busy', reason, retryAfterSeconds };
  // The quota is used up until its window moves on, which Docker Hub's does by hours: seconds help nothing.
  if (status === 429 && parseRateLimit(headers)?.remaining === 0) return undefined;
  return { kind: status === 500 ? 'server-error' : 'busy', reason };
}

/** Undefined for a failure that would be the same again. */
export function setbackOfError(error: RegistryError): Setback | undefined {
  const kind = temporaryFailure(error);
  return kind === undefined ? undefined : { kind, reason: REASONS[kind] };
}

/**
 * Why something that takes many requests may be gone on with after it failed. Undefined for what would fail again.
 * `hasBegun`: the registry was there a moment ago, so that a refused connection means it is being started anew.
 */
export function setbackOfFailure(error: unknown, hasBegun: boolean): Setback | undefined {
  if (!(error instanceof RegistryError)) return undefined;
  const { failure } = error;
  if (failure.kind === 'rate-limited') {
    const { retryAfterSeconds } = failure;
    return { kind: 'busy', reason: 'HTTP 429', ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  }
  if (failure.kind === 'registry' && isTemporaryStatus(failure.status)) {
    return { kind: failure.status === 500 ? 'server-error' : 'busy', reason: `HTTP ${failure.status}` };
  }
  if (failure.kind === 'network' && isPassing(failure.reason, hasBegun)) return { kind: 'lost', reason: REASONS.lost };
  return setbackOfError(error);
}

function isPassing(reason: NetworkReason, hasBegun: boolean): boolean {
  return reason === 'reset' || reason === 'truncated' || (hasBegun && PASSING.has(reason));
}

/** What a connection fails with while a server, a router or a laptop starts anew. */
const PASSING: ReadonlySet<NetworkReason> = new Set(['timeout', 'refused', 'unreachable', 'dns', 'other']);

const REASONS = {
  lost: 'the connection was lost',
  dns: 'the name could not be looked up',
  'connect-timeout': 'no connection in time',
} as const;

/** When the next try is due. `isAsked`: the server named the time, so it holds for every request to its host. */
export type NextTry = {
  readonly untilMs: number;
  readonly delayMs: number;
  readonly isAsked: boolean;
  /** Which try it is of so many, after setbacks of this kind. */
  readonly number: number;
  readonly tries: number;
};

/**
 * What one operation may spend on trying again: time and tries, over all its requests. A registry, its token server and
 * the target of its redirect that are all busy shall not make a person wait three times.
 */
export type Retrier = {
  /** Somebody waits for it, and will not do so for long. */
  readonly isInteractive: boolean;
  /** Counts a setback; undefined when nothing is to be sent again: enough tries, or a wait that nobody would sit through. */
  next(setback: Setback): NextTry | undefined;
  /** The operation has got on: time and tries are counted anew from here. */
  renew(): void;
};

/** For a log: `retry 2 of 6 in 0.5 s: HTTP 503`. */
export function describeTry({ reason }: Setback, { number, tries, delayMs, isAsked }: NextTry): string {
  return `retry ${number} of ${tries} in ${(delayMs / 1000).toFixed(1)} s${isAsked ? ', as asked' : ''}: ${reason}`;
}

/** Counts from now on; `onRetry` is told of each try that is granted. */
export function createRetrier(
  policy: RetryPolicy,
  clock: Clock,
  priority: Priority = 'open',
  onRetry?: (text: string) => void,
): Retrier {
  const isInteractive = priority === 'open' || priority === 'visible';
  const budgetMs = isInteractive ? policy.interactiveBudgetMs : policy.backgroundBudgetMs;
  const mostTries = priority === 'transfer' ? policy.transferTries : policy.tries;
  const triesFor = ({ kind }: Setback): number =>
    isInteractive || kind === 'connect-timeout' ? Math.min(mostTries, INTERACTIVE_TRIES[kind]) : mostTries;
  const counts = new Map<Setback['kind'], number>();
  let endMs = clock.now() + budgetMs;
  let waitedMs = 0;
  let total = 0;
  const isTooLate = (untilMs: number, delayMs: number): boolean =>
    priority === 'transfer' ? waitedMs + delayMs > budgetMs : untilMs > endMs;
  return {
    isInteractive,
    renew: () => {
      endMs = clock.now() + budgetMs;
      waitedMs = 0;
      total = 0;
      counts.clear();
    },
    next: (setback) => {
      const tries = triesFor(setback);
      const ofKind = (counts.get(setback.kind) ?? 0) + 1;
      if (ofKind >= tries || total + 1 >= mostTries) return undefined;
      const { retryAfterSeconds } = setback;
      const isAsked = retryAfterSeconds !== undefined;
      const delayMs = isAsked ? retryAfterSeconds * 1000 : backoff(policy, total + 1);
      const untilMs = clock.now() + delayMs;
      if (isTooLate(untilMs, delayMs)) return undefined;
      counts.set(setback.kind, ofKind);
      waitedMs += delayMs;
      total += 1;
      const next = { untilMs, delayMs, isAsked, number: ofKind + 1, tries };
      onRetry?.(describeTry(setback, next));
      return next;
    },
  };
}

/** Full jitter: many clients that failed together do not come back together. */
function backoff({ baseMs, maxDelayMs, random }: RetryPolicy, setbacks: number): number {
  return Math.round(random() * Math.min(maxDelayMs, baseMs * 2 ** (setbacks - 1)));
}
