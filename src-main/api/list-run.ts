import type { NamePage } from '../core/registry/registry-client.ts';

/** How much is read before the run halts. */
export type RunLimits = { readonly names: number; readonly pages: number };

/** A list that is being read page after page, each asked for as soon as the one before is there. */
export type ListRun = {
  /** False once a page could not be had, or is from another time than those before: from there on it is asked anew. */
  readonly isGood: boolean;
  /** Reads until so much is there that nobody has taken. */
  goOn(limits: RunLimits): void;
  /** Resolves when nothing more is read for now. */
  halted(): Promise<void>;
  /** Resolves when there is a page to take, or there will be none. */
  arrived(): Promise<void>;
  /** The first pages that are there as one. @throws what the first page threw, when there is none */
  take(pages: number): NamePage;
  /** Nothing more is read; what is on its way is broken off. */
  stop(): void;
};

type Fetch = (call: { readonly cursor?: string; readonly signal: AbortSignal }) => Promise<NamePage>;

/** A run from `cursor` on, which reads nothing before `goOn`. */
export function beginRun(cursor: string | undefined, fetch: Fetch): ListRun {
  const controller = new AbortController();
  const pages: NamePage[] = [];
  let count = 0;
  let next: { readonly cursor?: string } | undefined = cursor === undefined ? {} : { cursor };
  let failure: { readonly error: unknown } | undefined;
  let limits: RunLimits = { names: 0, pages: 0 };
  let isReading = false;
  let reading: Promise<void> = Promise.resolve();
  let arrival = Promise.withResolvers<void>();

  const add = (page: NamePage): boolean => {
    const last = pages.at(-1);
    // What was kept earlier and what the registry says now are never mixed in one answer.
    if (last !== undefined && (last.offline === undefined) !== (page.offline === undefined)) return false;
    pages.push(page);
    count += page.names.length;
    next = page.nextCursor === undefined ? undefined : { cursor: page.nextCursor };
    return true;
  };
  /** What is to be asked for now, if anything. */
  const wanted = () =>
    failure === undefined && pages.length < limits.pages && count < limits.names ? next : undefined;
  const readOn = async (): Promise<void> => {
    isReading = true;
    try {
      for (let place = wanted(); place !== undefined; place = wanted()) {
        const page = await fetch({ ...place, signal: controller.signal });
        if (!add(page)) failure = { error: undefined };
        arrival.resolve();
      }
    } catch (error) {
      failure = { error };
    } finally {
      isReading = false;
      arrival.resolve();
    }
  };

  return {
    get isGood() {
      return failure === undefined;
    },
    goOn: (most) => {
      limits = most;
      if (!isReading) reading = readOn();
    },
    halted: () => reading,
    arrived: () => arrival.promise,
    take: (most) => {
      if (pages.length === 0) throw failure?.error;
      const taken = pages.splice(0, most);
      count -= taken.reduce((sum, { names }) => sum + names.length, 0);
      if (pages.length === 0) arrival = Promise.withResolvers();
      return join(taken);
    },
    stop: () => {
      controller.abort();
    },
  };
}

/** The last says how the list goes on, and when what was kept is from. */
function join(pages: readonly NamePage[]): NamePage {
  const [first, ...others] = pages;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return first ?? { names: [], droppedCount: 0 };
  const warnings = pages.flatMap((page) => page.warnings ?? []);
  return {
    ...last,
    names: pages.flatMap(({ names }) => names),
    droppedCount: pages.reduce((sum, page) => sum + page.droppedCount, 0),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}
