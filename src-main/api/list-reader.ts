import type { Clock } from '../core/ports.ts';
import type { NamePage } from '../core/registry/registry-client.ts';
import { beginRun, type ListRun } from './list-run.ts';

/** One answer holds hardly more names than this, whatever was asked for: it must fit a message and be drawn at once. */
const MOST_NAMES = 100_000;
/** So many names are read before anybody asks for them, and so long they are kept for whoever does. */
const AHEAD = { names: 60_000, pages: 60 };
const AHEAD_MS = 2000;
/**
 * No answer is held back for longer than this to make it bigger: whoever asked has something to do with what is there,
 * while the next pages are read.
 */
const PATIENCE_MS = 50;

export type PagesWanted = {
  readonly cursor?: string | undefined;
  /** At most so many of the registry's pages; one when absent. */
  readonly pages?: number | undefined;
};

export type ListCall = { readonly cursor?: string; readonly signal?: AbortSignal };

/** A list as one client has it. `name` tells it from the client's other lists. */
export type NameList = {
  readonly client: object;
  readonly name: string;
  fetch(call: ListCall): Promise<NamePage>;
};

export type ListReader = {
  /**
   * Some of a registry's pages as one, at least the first. What was read is never lost to a page that fails: it is
   * handed over, and the failing page is met again, and told, by the call that follows. Whoever asks for several pages
   * is likely to ask for the next ones, so these are read meanwhile, within bounds.
   * @throws what the first page throws
   */
  read(list: NameList, wanted: PagesWanted, signal: AbortSignal | undefined): Promise<NamePage>;
};

/** What was read ahead of a list: it goes on from `cursor`. */
type Ahead = { readonly cursor: string; readonly run: ListRun; readonly timer: AbortController };

/** Reads lists for the handlers, a little ahead of who looks at them. */
export function createListReader(clock: Clock): ListReader {
  const aheads = new WeakMap<object, Map<string, Ahead>>();

  const takeRun = (list: NameList, cursor: string | undefined): ListRun => {
    const ahead = aheads.get(list.client)?.get(list.name);
    aheads.get(list.client)?.delete(list.name);
    ahead?.timer.abort();
    if (ahead !== undefined && ahead.cursor === cursor) return ahead.run;
    ahead?.run.stop();
    return beginRun(cursor, (call) => list.fetch(call));
  };
  const keepRun = ({ client, name }: NameList, cursor: string, run: ListRun): void => {
    const kept = aheads.get(client) ?? new Map<string, Ahead>();
    aheads.set(client, kept);
    const timer = new AbortController();
    kept.set(name, { cursor, run, timer });
    run.goOn(AHEAD);
    const drop = (): void => {
      kept.delete(name);
      run.stop();
    };
    clock.sleep(AHEAD_MS, timer.signal).then(drop, () => undefined);
  };

  return {
    read: async (list, { cursor, pages = 1 }, signal) => {
      if (pages === 1) return list.fetch({ ...(cursor !== undefined && { cursor }), ...(signal && { signal }) });
      signal?.throwIfAborted();
      const run = takeRun(list, cursor);
      const leave = (): void => {
        run.stop();
      };
      signal?.addEventListener('abort', leave, { once: true });
      try {
        run.goOn({ names: MOST_NAMES, pages });
        await untilWorthIt(run, clock);
        const page = run.take(pages);
        if (page.nextCursor !== undefined && run.isGood) keepRun(list, page.nextCursor, run);
        return page;
      } finally {
        signal?.removeEventListener('abort', leave);
      }
    },
  };
}

/** Resolves when the run has come to a halt, or has at least one page and has been waited for long enough. */
async function untilWorthIt(run: ListRun, clock: Clock): Promise<void> {
  const timer = new AbortController();
  const late = clock.sleep(PATIENCE_MS, timer.signal).catch(() => undefined);
  try {
    await Promise.race([late, run.halted()]);
    await run.arrived();
  } finally {
    timer.abort();
  }
}
