import type { Priority } from '../registry-client.ts';

/** Gives back a place in the queue; calling it twice does nothing. */
export type Release = () => void;

/** Those that browse; a transfer has a queue of its own. */
export type Lane = Exclude<Priority, 'transfer'>;

export type AcquireOptions = { readonly priority?: Lane | undefined; readonly signal?: AbortSignal | undefined };

/** The queue of one host. */
export type HostQueue = {
  /** Resolves when there is room. An abort takes the waiter out of the queue and rejects with the signal's reason. */
  acquire(options: AcquireOptions): Promise<Release>;
  /** Lets in whoever may enter now. */
  admit(): void;
  readonly active: number;
  readonly waiting: number;
};

const LANES = ['open', 'visible', 'background'] as const satisfies readonly Lane[];

/** A lane that was passed over so often while it could have gone is next, so that no lane starves. */
const PATIENCE = 3;

type Line = { readonly waiting: Set<() => void>; passedOver: number };
type Lines = Readonly<Record<Lane, Line>>;

/**
 * What a person opened goes first, then what is on screen, then the rest, each lane in order of arrival; one of
 * `places` is always left to `open`, and a lane that was passed over three times is next.
 */
export function createHostQueue(options: {
  readonly places: number;
  /** Nobody enters while this is true. */
  readonly isPaused: () => boolean;
  /** Nobody is inside and nobody waits. */
  readonly onIdle: () => void;
}): HostQueue {
  const { places, isPaused, onIdle } = options;
  // With a single place there is none to keep.
  const lowerPlaces = Math.max(1, places - 1);
  const lines: Lines = { open: createLine(), visible: createLine(), background: createLine() };
  let active = 0;
  let activeLower = 0;

  const mayEnter = (priority: Lane): boolean =>
    active < places && !isPaused() && (priority === 'open' || activeLower < lowerPlaces);

  const admit = (): void => {
    for (let line = nextLine(lines, mayEnter); line !== undefined; line = nextLine(lines, mayEnter)) {
      const [enter] = line.waiting;
      enter?.();
    }
    if (active === 0 && waitingIn(lines) === 0) onIdle();
  };

  const take = (priority: Lane): Release => {
    const lower = priority === 'open' ? 0 : 1;
    active += 1;
    activeLower += lower;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      active -= 1;
      activeLower -= lower;
      admit();
    };
  };

  return {
    acquire: ({ priority = 'open', signal }) =>
      standInLine(lines[priority].waiting, { take: () => take(priority), admit, signal }),
    admit,
    get active() {
      return active;
    },
    get waiting() {
      return waitingIn(lines);
    },
  };
}

function standInLine(
  waiting: Set<() => void>,
  { take, admit, signal }: { take: () => Release; admit: () => void; readonly signal: AbortSignal | undefined },
): Promise<Release> {
  const { promise, resolve, reject } = Promise.withResolvers<Release>();
  const leave = () => {
    waiting.delete(enter);
    signal?.removeEventListener('abort', abort);
  };
  const enter = () => {
    leave();
    resolve(take());
  };
  const abort = () => {
    leave();
    reject(signal?.reason);
    admit();
  };
  if (signal?.aborted === true) {
    abort();
    return promise;
  }
  waiting.add(enter);
  signal?.addEventListener('abort', abort, { once: true });
  admit();
  return promise;
}

function createLine(): Line {
  return { waiting: new Set(), passedOver: 0 };
}

/** The lane that goes next among those with somebody who may enter; the others are noted as passed over. */
function nextLine(lines: Lines, mayEnter: (priority: Lane) => boolean): Line | undefined {
  const ready = LANES.filter((each) => lines[each].waiting.size > 0 && mayEnter(each)).map((each) => lines[each]);
  const next = ready.find((line) => line.passedOver >= PATIENCE) ?? ready[0];
  if (next === undefined) return undefined;
  for (const line of ready) line.passedOver = line === next ? 0 : line.passedOver + 1;
  return next;
}

function waitingIn(lines: Lines): number {
  return LANES.reduce((sum, each) => sum + lines[each].waiting.size, 0);
}
