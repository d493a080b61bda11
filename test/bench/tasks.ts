import type { Browser } from 'playwright-core';
import { z } from 'zod';

const traceSchema = z.object({
  traceEvents: z.array(
    z.looseObject({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.looseObject({ name: z.unknown() }).partial().optional(),
    }),
  ),
});

export type LongestTask = {
  /** From its beginning to its end, waits for the processor included. */
  readonly longestMs: number;
  /** The most that one task used the processor: what the longest would last if nothing else ran on the machine. */
  readonly busiestMs: number;
};

/** The longest tasks of the page's main thread while `work` runs. */
export async function longestTaskDuring(browser: Browser, work: () => Promise<void>): Promise<LongestTask> {
  await browser.startTracing(undefined, { categories: ['toplevel'] });
  await work();
  const trace = traceSchema.parse(JSON.parse((await browser.stopTracing()).toString()));
  const threadOf = ({ pid, tid }: { readonly pid: number; readonly tid: number }) => `${pid} ${tid}`;
  const named = trace.traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const pages = new Set(named.map(threadOf));
  const tasks = trace.traceEvents.filter((each) => each.name.endsWith('::RunTask') && pages.has(threadOf(each)));
  const most = (field: 'dur' | 'tdur') => Math.max(0, ...tasks.map((task) => task[field] ?? 0)) / 1000;
  return { longestMs: most('dur'), busiestMs: most('tdur') };
}
