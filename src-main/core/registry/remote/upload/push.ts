import type { PushBlobCall } from '../../registry-client.ts';
import type { Retrier } from '../../transport/retry.ts';
import type { ChunkSizes } from './chunk-sizes.ts';
import type { BlobParts } from './send-parts.ts';
import { type Session, toUploadSession } from './session.ts';

/** So many bytes that are sent in one request, to a registry that has all before `start`. */
type Body = { readonly bytes: number; readonly start: number; readonly isChunk: boolean };

/** What all uploads to one registry know of it. */
export type Learnt = {
  /** What it was found to take at once. */
  readonly sizes: ChunkSizes;
  /** The repository in which it began the last upload; undefined after a refusal. */
  grantedIn: string | undefined;
  /** Those that wait to be granted an upload. */
  readonly starting: Set<Push>;
};

/** One blob on its way to a registry. */
export type Push = BlobParts & {
  readonly call: PushBlobCall;
  readonly retrier: Retrier;
  readonly learnt: Learnt;
  /** The person's wish; one body when absent. */
  readonly chunkBytes: number | undefined;
  session: Session | undefined;
  /** How far the session has come is to be asked before it is used. */
  mustAsk: boolean;
  /** Bodies that were to bring all that was missing, and did not get through. */
  failedBodies: number;
  /** The body under way. */
  body: Body | undefined;
  /** The body that failed, until it has been found out how things stand. */
  failed: (Body & { readonly status: number | undefined }) | undefined;
  /** A body of so many bytes was too much. */
  refusedBytes: number | undefined;
  /** Chunks taken in a row. */
  taken: number;
  /** Chunks in a row after which the registry had no more than before. */
  stuck: number;
  isWithoutChunks: boolean;
  /** The most that the registry has said to have. */
  farthest: number;
  /** Times it was set right without having got on since. */
  recoveries: number;
  hasReadAnew: boolean;
  /** The registry said that it stored the blob, and did not have it. */
  isUnconfirmed: boolean;
};

/** Takes a session up, or gives it up, and tells the caller who may keep it. */
export function setSession(push: Push, session: Session | undefined): void {
  const isNews = session?.url.href !== push.session?.url.href;
  push.session = session;
  if (isNews) push.call.onSession?.(session === undefined ? undefined : toUploadSession(session));
  if (session === undefined || session.received <= push.farthest) return;
  push.farthest = session.received;
  push.recoveries = 0;
  push.retrier.renew();
}

/**
 * True when what is missing goes in chunks: because the person wants it, because it is more than the registry takes at
 * once, or because one body broke off, so that the next shall not have to begin anew. A first body of which nothing
 * arrived says nothing about its size: a server had closed the connection.
 */
export function goesInChunks({ isWithoutChunks, chunkBytes, session, sizeBytes, ...push }: Push): boolean {
  const received = session?.received ?? 0;
  if (isWithoutChunks) return false;
  if (chunkBytes !== undefined) return true;
  if (push.refusedBytes !== undefined && sizeBytes - received >= push.refusedBytes) return true;
  return push.failedBodies > 1 || (push.failedBodies === 1 && received > 0);
}
