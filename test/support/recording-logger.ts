import type { Logger, LogLevel } from '#main/core/ports.ts';

export type LogLine = {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: Readonly<Record<string, string | number | boolean | undefined>>;
};

/** A logger whose lines a test can read; `text` is all of them, to look for a canary. */
export function recordingLogger(): Logger & { readonly lines: readonly LogLine[]; text(): string } {
  const lines: LogLine[] = [];
  return {
    lines,
    log: (level, event, fields = {}) => void lines.push({ level, event, fields }),
    text: () => JSON.stringify(lines),
  };
}
