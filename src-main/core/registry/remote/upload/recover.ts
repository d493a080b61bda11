import { toCancelled } from '../../transport/node-failure.ts';
import { headBlob } from '../blob-head.ts';
import { isRegistryError } from '../../transport/registry-error.ts';
import { NoChunksError } from './no-chunks-error.ts';
import { type Push, setSession } from './push.ts';
import { type Remedy, remedyFor } from './remedy.ts';
import { askSession, closeSession } from './session.ts';

/** Recoveries in a row in which the registry took nothing more (SECURITY-CASES U04). */
const MAX_RECOVERIES = 10;

/**
 * Sets right what can be set right after a failure, so that sending can go on.
 * @throws the failure, when nothing can be done about it or enough has been
 */
export async function recover(push: Push, failure: unknown): Promise<void> {
  const { place, source } = push;
  const error = failure instanceof NoChunksError && !mayGoWhole(push) ? failure.told : failure;
  if (place.signal?.aborted === true) throw toCancelled(error);
  const status = isRegistryError(error) ? error.trace?.status : undefined;
  if (push.body !== undefined) push.failed = { ...push.body, status };
  const remedy = remedyFor(error, { isSource: source.isFailure(error) });
  if (remedy === 'give-up') throw error;
  if (remedy === 'wait-and-ask') return await wait(push, error);
  if (push.session === undefined || push.recoveries >= MAX_RECOVERIES) throw error;
  push.recoveries += 1;
  await apply(remedy, push, error);
}

async function apply(remedy: Exclude<Remedy, 'give-up' | 'wait-and-ask'>, push: Push, error: unknown): Promise<void> {
  push.mustAsk = true;
  if (remedy === 'smaller') return sendLess(push, error);
  if (remedy === 'whole') push.isWithoutChunks = true;
  if (remedy === 'read-anew') readAnew(push, error);
  if (remedy !== 'ask') await startOver(push);
}

async function wait(push: Push, error: unknown): Promise<void> {
  const { place, retrier, session } = push;
  const { signal, context } = place;
  const hasBegun = session !== undefined;
  await context.transport.waitToGoOn(error, { endpoint: context.endpoint, signal, retrier, hasBegun });
  if (push.body !== undefined) push.failedBodies += 1;
  push.body = undefined;
  push.mustAsk = hasBegun;
}

function readAnew(push: Push, error: unknown): void {
  if (push.hasReadAnew) throw error;
  push.hasReadAnew = true;
  push.source.readAnew();
}

/** @throws the failure, when the registry takes nothing that is worth sending */
function sendLess(push: Push, error: unknown): void {
  const { bytes } = push.failed ?? { bytes: 0 };
  push.refusedBytes = Math.min(push.refusedBytes ?? bytes, bytes);
  const isWorthIt = push.learnt.sizes.refuse(bytes) && (push.session?.minChunkBytes ?? 0) < push.refusedBytes;
  if (!isWorthIt) throw error;
}

/** What is too large for one request cannot go as a whole. */
function mayGoWhole(push: Push): boolean {
  return push.refusedBytes === undefined && push.chunkBytes === undefined;
}

/** Leaves the session behind; the next begins with the first byte. */
export async function startOver(push: Push): Promise<void> {
  const { session } = push;
  if (session !== undefined) await closeSession(push.place, session);
  setSession(push, undefined);
  push.mustAsk = false;
}

/**
 * Finds out how things stand at the registry. True when the blob is there: all of it was sent, and only the answer got
 * lost. A session that is gone, or says nothing of use, is left behind.
 * @throws {RegistryError}
 */
export async function lookAgain(push: Push): Promise<boolean> {
  const { place, source, sizeBytes } = push;
  if (source.hasGivenAll && (await isThere(push))) return true;
  const before = push.session;
  const asked = before && (await askSession(place, before, source.hasGivenAll ? sizeBytes : 0));
  push.mustAsk = false;
  const isOfUse = asked !== undefined && asked.received <= sizeBytes;
  setSession(push, isOfUse ? asked : undefined);
  if (push.failed !== undefined && asked?.received === push.failed.start) learnFrom(push, push.failed);
  push.failed = undefined;
  return false;
}

/**
 * The registry is where we thought it was, and refused what followed: so 416 means that it was too much (GHCR, above
 * 4 MiB), and 404 that it takes no chunks at all.
 */
function learnFrom(push: Push, { bytes, isChunk, status }: NonNullable<Push['failed']>): void {
  if (status === 416) push.refusedBytes = Math.min(push.refusedBytes ?? bytes, bytes);
  if (status === 404 && isChunk && mayGoWhole(push)) push.isWithoutChunks = true;
}

/** False also when the registry does not say. @throws {RegistryError} `cancelled`, `network` */
export async function isThere({ place, call }: Push): Promise<boolean> {
  const { context, repository, signal } = place;
  const { digest, sizeBytes } = call.descriptor;
  try {
    const head = await headBlob(context, { repository, digest, forPush: true, signal });
    return head !== undefined && (head.sizeBytes === undefined || head.sizeBytes === sizeBytes);
  } catch (error) {
    if (isRegistryError(error, 'forbidden', 'unauthorized', 'registry')) return false;
    throw error;
  }
}
