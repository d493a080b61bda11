import { runInThisContext } from 'node:vm';

type Call = { readonly id: number; readonly source: string; readonly argument: unknown };

/** Runs what a spec sends, `(electron, argument) => result`, in this process: as Playwright does with true Electron. */
async function run(electron: object, { id, source, argument }: Call): Promise<void> {
  try {
    const work = runInThisContext(`(${source})`) as (electron: object, argument: unknown) => unknown;
    process.send?.({ id, value: await work(electron, argument) });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

export function listenForControl(electron: object): void {
  process.on('message', (call: Call) => void run(electron, call));
  // The channel to the spec must not keep an app alive that has quit.
  process.channel?.unref();
}
