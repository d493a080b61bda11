import type { Priority } from '../registry-client.ts';

/** Gives back a place in the queue; calling it twice does nothing. */
export type Release = () => void;

export type AcquireOptions = { readonly priority?: Priority | undefined; readonly signal?: AbortSignal | undefined };

/** The queue of one host. */
export type HostQueue = {
  /** Resolves when there is room. An abort takes the waiter out of the queue and rejects with the signal's reason. */
  acquire(options: AcquireOptions): Promise<Release>;
  /** Lets in whoever may enter now. */
  admit(): void;
  readonly active: number;
  readonly waiting: number;
};

const PRIORITIES = ['open', 'visible', 'background'] as const satisfies readonly Priority[];

/** A lane that was passed over so often while it could have gone is next, so that no lane starves. */
const PATIENCE = 3;

type Lane = { readonly waiting: Set<() => void>; passedOver: number };
type Lanes = Readonly<Record<Priority, Lane>>;

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
  const lanes: Lanes = { open: createLane(), visible: createLane(), background: createLane() };
  let active = 0;
  let activeLower = 0;

  const mayEnter = (priority: Priority): boolean =>
    active < places && !isPaused() && (priority === 'open' || activeLower < lowerPlaces);

  const admit = (): void => {
    for (let lane = nextLane(lanes, mayEnter); lane !== undefined; lane = nextLane(lanes, mayEnter)) {
      const [enter] = lane.waiting;
      enter?.();
    }
    if (active === 0 && waitingIn(lanes) === 0) onIdle();
  };

  const take = (priority: Priority): Release => {
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
      standInLine(lanes[priority].waiting, { take: () => take(priority), admit, signal }),
    admit,
    get active() {
      return active;
    },
    get waiting() {
      return waitingIn(lanes);
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

function createLane(): Lane {
  return { waiting: new Set(), passedOver: 0 };
}

/** The lane that goes next among those with somebody who may enter; the others are noted as passed over. */
function nextLane(lanes: Lanes, mayEnter: (priority: Priority) => boolean): Lane | undefined {
  const ready = PRIORITIES.filter((each) => lanes[each].waiting.size > 0 && mayEnter(each)).map((each) => lanes[each]);
  const next = ready.find((lane) => lane.passedOver >= PATIENCE) ?? ready[0];
  if (next === undefined) return undefined;
  for (const lane of ready) lane.passedOver = lane === next ? 0 : lane.passedOver + 1;
  return next;
}

function waitingIn(lanes: Lanes): number {
  return PRIORITIES.reduce((sum, each) => sum + lanes[each].waiting.size, 0);
}
