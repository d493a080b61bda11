import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Clock } from '../../ports.ts';
import type { BlobOutcome, ContentDestination, ContentSource, PutBlob, UploadSession } from '../ends.ts';
import type { Report } from './blob-board.ts';
import type { Lanes } from './lanes.ts';
import { meteredBlob } from './metered-blob.ts';
import { isBroken, isDamage, retryDelayMs } from './setbacks.ts';
import type { LaneOutcome } from './size-queue.ts';
import type { Throttle } from './throttle.ts';

/** Where an upload session outlives the process. */
export type SessionKeeper = {
  find(): UploadSession | undefined;
  keep(session: UploadSession): void;
  drop(): void;
};

export type BlobTask = {
  readonly source: ContentSource;
  readonly destination: ContentDestination;
  readonly descriptor: Descriptor;
  /** It was not there a moment ago, so nobody asks again. */
  readonly isKnownAbsent: boolean;
  readonly mountFrom: readonly string[];
  readonly session: SessionKeeper;
  /** Something worth a line in the job's log. */
  readonly note: (text: string) => void;
  readonly onRead: (bytes: number) => void;
};

export type BlobDeps = { readonly lanes: Lanes; readonly throttle: Throttle; readonly clock: Clock };

/** What is smaller is sent again sooner than its session is asked for. */
const SESSION_BYTES = 8 * 1024 * 1024;
const FILE_TRIES = 5;

type Call = { readonly signal: AbortSignal; readonly report: Report };

/**
 * Brings one blob to its destination: looks, mounts, or streams it there. A registry's client goes on by itself with what
 * broke off; into a file what broke off or came damaged is brought again here, damage once (FI05).
 * @throws what the ends throw when it does not pass
 */
export async function copyBlob(task: BlobTask, deps: BlobDeps, { signal, report }: Call): Promise<BlobOutcome> {
  const isRegistry = task.destination.kind === 'registry';
  let damages = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inLane(task, deps, { signal, report });
    } catch (error) {
      signal.throwIfAborted();
      if (isDamage(error)) damages += 1;
      const isWorthIt = isDamage(error) ? damages === 1 : isBroken(error) && attempt < FILE_TRIES;
      if (isRegistry || !isWorthIt) throw error;
      task.note(`${task.descriptor.digest} is tried again: ${describe(error)}`);
      await deps.clock.sleep(retryDelayMs(attempt), signal);
    }
  }
}

async function inLane(task: BlobTask, deps: BlobDeps, { signal, report }: Call): Promise<BlobOutcome> {
  const { source, destination, descriptor } = task;
  const hosts = [laneOf(source), laneOf(destination)];
  report({ state: 'queued', sentBytes: 0 });
  const leave = await deps.lanes.enter({ hosts, sizeBytes: descriptor.sizeBytes, signal });
  let fared: LaneOutcome = { kind: 'idle' };
  try {
    const startedAt = deps.clock.now();
    const outcome = await bring(task, deps, { signal, report });
    if (outcome === 'sent') fared = { kind: 'sent', tookMs: deps.clock.now() - startedAt };
    return outcome;
  } finally {
    leave(fared);
  }
}

async function bring(task: BlobTask, deps: BlobDeps, { signal, report }: Call): Promise<BlobOutcome> {
  const { destination, descriptor, mountFrom } = task;
  report({ state: 'checking', sentBytes: 0 });
  if (!task.isKnownAbsent && (await destination.hasBlob(descriptor, { signal }))) return 'present';
  const keeper = descriptor.sizeBytes >= SESSION_BYTES ? task.session : undefined;
  const session = keeper?.find();
  return destination.putBlob({
    descriptor,
    ...reading(task, deps),
    onNote: (text) => task.note(`sending ${descriptor.digest}: ${text}`),
    mountFrom,
    signal,
    ...(session === undefined ? {} : { session }),
    // What nobody keeps is closed when it is given up.
    ...(keeper === undefined ? {} : { onSession: keepWith(keeper) }),
    onProgress: (sentBytes) => report({ state: sentBytes < descriptor.sizeBytes ? 'sending' : 'verifying', sentBytes }),
  });
}

function keepWith(keeper: SessionKeeper): NonNullable<PutBlob['onSession']> {
  return (session) => {
    if (session === undefined) keeper.drop();
    else keeper.keep(session);
  };
}

/** A registry's client opens a source again where it broke off, and paces what it reads; for a file that is done here. */
function reading(
  { source, destination, descriptor, note, onRead }: BlobTask,
  { throttle, clock }: BlobDeps,
): Pick<PutBlob, 'open' | 'pass'> {
  const onNote = (text: string): void => note(`reading ${descriptor.digest}: ${text}`);
  if (destination.kind === 'registry') {
    return {
      open: (startByte, signal) => source.openBlob(descriptor, { startByte, onNote, signal }),
      pass: (bytes, signal) => {
        onRead(bytes);
        return throttle.pass(bytes, signal);
      },
    };
  }
  const onBreak = (error: unknown): void =>
    note(`${descriptor.digest} goes on after the source broke off: ${describe(error)}`);
  return { open: meteredBlob({ source, descriptor, throttle, clock, onRead, onBreak, onNote }) };
}

/** Who shares a lane: all repositories of a registry, and each file by itself. */
export function laneOf({ place, kind, name }: Pick<ContentSource, 'place' | 'kind' | 'name'>): string {
  return place?.registryKey ?? `${kind} ${name}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
