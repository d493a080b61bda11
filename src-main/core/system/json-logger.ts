import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { Clock, Logger, LogLevel } from '../ports.ts';

const ORDER = { debug: 0, info: 1, warn: 2, error: 3 } as const;
const MAX_FILE_BYTES = 5 * 1024 * 1024;

type LoggerOptions = {
  readonly clock: Clock;
  /** Lines below this are dropped; `info` when absent. */
  readonly minLevel?: LogLevel;
};

/** One JSON line for each event through `write`, which gets the line with its newline. */
export function createLineLogger({ clock, minLevel = 'info' }: LoggerOptions, write: (line: string) => void): Logger {
  return {
    log(level, event, fields = {}) {
      if (ORDER[level] < ORDER[minLevel]) return;
      const time = new Date(clock.now()).toISOString();
      write(`${JSON.stringify({ time, level, event, ...fields })}\n`);
    },
  };
}

/** JSON lines in a file of mode 0600, moved to `<path>.1` when it has grown to 5 MiB. Never throws. */
export function createFileLogger(options: LoggerOptions & { readonly path: string }): Logger {
  return createLineLogger(options, (line) => {
    try {
      rotateWhenFull(options.path);
      appendFileSync(options.path, line, { mode: 0o600 });
    } catch {
      // A full or vanished disk must not stop the app, and there is no second place to tell of it.
    }
  });
}

function rotateWhenFull(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size >= MAX_FILE_BYTES) renameSync(path, `${path}.1`);
}
