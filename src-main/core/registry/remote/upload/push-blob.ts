import type { BlobOutcome, PushBlobCall, RegistryConnection, UploadSession } from '../../registry-client.ts';
import { toCancelled } from '../../transport/node-failure.ts';
import { isRegistryError, RegistryError } from '../../transport/registry-error.ts';
import type { Retrier } from '../../transport/retry.ts';
import { wasTriedEnough } from '../../transport/temporary.ts';
import { checkedRepository, type RemoteContext } from '../context.ts';
import { createChunkSizes, nextChunkBytes } from './chunk-sizes.ts';
import type { UploadRules } from './location.ts';
import { mountBlob } from './mount.ts';
import { NoChunksError } from './no-chunks-error.ts';
import { goesInChunks, type Learnt, type Push, setSession } from './push.ts';
import { isThere, lookAgain, recover, startOver } from './recover.ts';
import { patchChunk, putRest, saysStored } from './send-parts.ts';
import { closeSession, fromUploadSession, type Session, startSession, type UploadPlace } from './session.ts';
import { UploadSource } from './source.ts';

/** Uploads to one registry, which remember how much it takes at once. */
export type BlobPusher = {
  push(context: PushContext, call: PushBlobCall): Promise<BlobOutcome>;
  cancel(context: RemoteContext, call: CancelCall): Promise<void>;
};

type PushContext = RemoteContext & { readonly retrier: Retrier };
type CancelCall = { readonly repository: string; readonly session: UploadSession; readonly signal?: AbortSignal };

/** Nobody who leaves waits for longer than this for a registry to close an upload. */
const CLOSE_MS = 10_000;
/** A registry that has no more after so many chunks than before will have none after the next. */
const MAX_STUCK = 2;

/**
 * Sends blobs: one request of known length where that gets through, chunks where it does not, over as many tries as the
 * retrier of the operation allows since the registry last got more. Spec: OCI Distribution 1.1, "Pushing blobs".
 */
export function createBlobPusher(connection: Pick<RegistryConnection, 'uploadHosts' | 'uploadChunkBytes'>): BlobPusher {
  const learnt: Learnt = { sizes: createChunkSizes(), grantedIn: undefined, starting: new Set() };
  const { uploadHosts = [], uploadChunkBytes: chunkBytes } = connection;
  const rulesFor = ({ endpoint }: RemoteContext): UploadRules => ({ endpoint, uploadHosts });
  return {
    push: async (context, call) => {
      const push = begin(call, { context, rules: rulesFor(context), learnt, chunkBytes });
      try {
        return (await mount(push)) ?? (await sendUntilDone(push));
      } catch (error) {
        throw giveUp(push, error);
      } finally {
        push.source.close();
      }
    },
    cancel: async (context, { repository, session, signal }) => {
      const rules = rulesFor(context);
      const kept = fromUploadSession(session, rules);
      const place = { context, rules, repository: checkedRepository(repository), signal };
      if (kept !== undefined) await closeSoon(place, kept);
    },
  };
}

function begin(
  call: PushBlobCall,
  parts: {
    readonly context: PushContext;
    readonly rules: UploadRules;
    readonly learnt: Learnt;
    readonly chunkBytes: number | undefined;
  },
): Push {
  const { context, rules, learnt, chunkBytes } = parts;
  const { endpoint, transport, retrier, priority } = context;
  const { descriptor, open, signal = new AbortController().signal } = call;
  const place = { context, rules, repository: checkedRepository(call.repository), signal };
  const reading = transport.createRetrier(priority, call.onRetry);
  const source = new UploadSource({
    descriptor,
    open,
    signal,
    waitToGoOn: async (error) => {
      if (wasTriedEnough(error)) throw error;
      await transport.waitToGoOn(error, { endpoint, signal, retrier: reading, hasBegun: true });
    },
    onReadOn: () => reading.renew(),
    ...(call.pass === undefined ? {} : { pass: call.pass }),
    onGiven: (bytes) => call.onProgress?.(bytes),
  });
  const session = call.session === undefined ? undefined : fromUploadSession(call.session, rules);
  return {
    place,
    source,
    sizeBytes: descriptor.sizeBytes,
    call,
    retrier,
    learnt,
    chunkBytes,
    session,
    mustAsk: session !== undefined,
    failedBodies: 0,
    body: undefined,
    failed: undefined,
    refusedBytes: learnt.sizes.refusedBytes,
    taken: 0,
    stuck: 0,
    isWithoutChunks: false,
    farthest: 0,
    recoveries: 0,
    hasReadAnew: false,
    isUnconfirmed: false,
  };
}

/** Not for who comes back with a session: that was tried before. */
async function mount(push: Push): Promise<'mounted' | undefined> {
  const { call, place, session } = push;
  if (call.mountFrom === undefined || session !== undefined) return undefined;
  const mounted = await mountBlob(place, call.descriptor.digest, call.mountFrom, (error) => goOnAfter(push, error));
  if (mounted === 'mounted') return mounted;
  if (mounted !== undefined) setSession(push, mounted);
  return undefined;
}

/** Waits as the retrier says; false when nothing is to be tried again. @throws {RegistryError} `cancelled` */
async function goOnAfter({ place: { context, signal }, retrier }: Push, error: RegistryError): Promise<boolean> {
  try {
    await context.transport.waitToGoOn(error, { endpoint: context.endpoint, signal, retrier, hasBegun: true });
    return true;
  } catch (failure) {
    if (isRegistryError(failure, 'cancelled')) throw failure;
    return false;
  }
}

async function sendUntilDone(push: Push): Promise<'sent'> {
  for (let isDone = false; !isDone;) {
    try {
      push.body = undefined;
      isDone = (push.mustAsk && (await lookAgain(push))) || (await sendRest(push, push.session ?? (await start(push))));
    } catch (error) {
      await recover(push, error);
    }
  }
  setSession(push, undefined);
  return 'sent';
}

/**
 * Where an upload was granted the source is opened meanwhile, also of those that began before that grant came: one round
 * trip less for each blob, and no byte read for who may not push.
 */
async function start(push: Push): Promise<Session> {
  const { learnt, source, place } = push;
  const { repository } = place;
  if (learnt.grantedIn === repository) source.openEarly();
  learnt.starting.add(push);
  try {
    const started = await startSession(place);
    if ('mounted' in started) throw unclear('the registry mounted what it was not asked to');
    learnt.grantedIn = repository;
    for (const each of learnt.starting) if (each.place.repository === repository) each.source.openEarly();
    setSession(push, started);
    return started;
  } catch (error) {
    learnt.grantedIn = undefined;
    throw error;
  } finally {
    learnt.starting.delete(push);
  }
}

/** False when the registry does not have what it said it took: it is to be sent once more (SECURITY-CASES U05). */
async function sendRest(push: Push, from: Session): Promise<boolean> {
  const { sizeBytes, call } = push;
  let session = from;
  while (session.received < sizeBytes && goesInChunks(push)) session = await sendChunk(push, session);
  push.body = { bytes: sizeBytes - session.received, start: session.received, isChunk: false };
  const response = await putRest(push, session, call.descriptor.digest);
  if (saysStored(response, call.descriptor.digest) || (await isThere(push))) return true;
  if (push.isUnconfirmed) throw unclear('the registry took the blob, and does not have it');
  push.isUnconfirmed = true;
  await startOver(push);
  return false;
}

async function sendChunk(push: Push, session: Session): Promise<Session> {
  const { sizeBytes, chunkBytes: wanted, taken } = push;
  const start = session.received;
  const size = nextChunkBytes(push, { taken, leastBytes: session.minChunkBytes, wanted });
  const bytes = Math.min(size, sizeBytes - start);
  push.body = { bytes, start, isChunk: true };
  const next = await patchChunk(push, session, bytes);
  push.taken = next.received === start + bytes ? taken + 1 : 0;
  push.stuck = next.received > start ? 0 : push.stuck + 1;
  setSession(push, next);
  if (push.stuck >= MAX_STUCK)
    throw new NoChunksError(unclear('the registry has no more after a chunk than before it'));
  return next;
}

/** What the caller is told. A session is kept for who may come back with it; another is closed, which nobody waits for. */
function giveUp(push: Push, error: unknown): unknown {
  const { session, place, call } = push;
  const isWrong = push.source.isFailure(error) && isRegistryError(error, 'digest-mismatch', 'protocol');
  if (session !== undefined && (call.onSession === undefined || isWrong)) {
    void closeSoon(place, session);
    setSession(push, undefined);
  }
  return place.signal?.aborted === true ? toCancelled(error) : error;
}

/** The caller may have left; the registry is told all the same. */
function closeSoon({ signal: _signal, ...place }: UploadPlace, session: Session): Promise<void> {
  return closeSession({ ...place, signal: AbortSignal.timeout(CLOSE_MS) }, session);
}

function unclear(detail: string): RegistryError {
  return new RegistryError({ kind: 'protocol', reason: 'upload', detail });
}
