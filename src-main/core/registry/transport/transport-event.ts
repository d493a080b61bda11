import type { Headers } from './headers.ts';
import type { Hop, RegistryError } from './registry-error.ts';
import type { RequestEntry } from './request-log.ts';

/** A request stands still until then, in milliseconds since the epoch; `reason` is for a person: `HTTP 503`. */
export type Wait = { readonly untilMs: number; readonly reason: string };

/** What happens to the requests of one endpoint, as it happens. */
export type TransportEvent =
  | { readonly kind: 'answered'; readonly hop: Hop; readonly status: number; readonly headers: Headers }
  /** `isHeard`: something else came from the same host meanwhile, so that it can be reached. */
  | { readonly kind: 'failed'; readonly hop: Hop; readonly error: RegistryError; readonly isHeard: boolean }
  /** After `answered` or `failed`, when the body has ended or been dropped: a tick later than its reader sees it. */
  | { readonly kind: 'finished'; readonly entry: RequestEntry }
  /** The same `wait` is told once more when it is over, also when the caller has gone. */
  | { readonly kind: 'waiting'; readonly wait: Wait }
  | { readonly kind: 'resumed'; readonly wait: Wait };
