import type { LogEntry } from '#shared/api/diagnostics.ts';

export type LogFilter = {
  /** Words that all have to be in the line. */
  readonly text: string;
  readonly onlyFailures: boolean;
};

type RequestEntry = Extract<LogEntry, { kind: 'request' }>;

/**
 * No answer, or one that says the request failed. A 401 is how a sign-in begins and a HEAD that finds nothing answers a
 * question, so they are none.
 */
export function isFailure(entry: LogEntry): boolean {
  if (entry.kind === 'decision') return false;
  const { method, status = 0 } = entry.exchange;
  const isOrdinary = status === 401 || (method === 'HEAD' && status === 404);
  return entry.failure !== undefined || (status >= 400 && !isOrdinary);
}

function searchable(entry: LogEntry): string {
  if (entry.kind === 'decision') return entry.text;
  const { method, url, status } = entry.exchange;
  return `${method} ${url} ${status ?? ''} ${entry.failure ?? ''} ${entry.hop}`;
}

/** By when they began: what takes long is finished, and told, after what was asked later. */
export function inOrderOfBeginning(entries: readonly LogEntry[]): readonly LogEntry[] {
  return entries.toSorted((a, b) => (a.at === b.at ? a.id - b.id : a.at < b.at ? -1 : 1));
}

export function filterLog(entries: readonly LogEntry[], { text, onlyFailures }: LogFilter): readonly LogEntry[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0 && !onlyFailures) return entries;
  return entries.filter((entry) => {
    if (onlyFailures && !isFailure(entry)) return false;
    const line = searchable(entry).toLowerCase();
    return words.every((word) => line.includes(word));
  });
}

/** `14:03:05.123`, in the time zone of whoever reads it. */
export function clockText(at: string): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`;
}

/** `12 ms`, `1.4 s`; empty while unknown. */
export function durationText(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '';
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The host and the path apart, so that a list can put the telling part first. */
export function splitUrl(url: string): { readonly host: string; readonly path: string } {
  const parsed = URL.parse(url);
  return parsed === null ? { host: '', path: url } : { host: parsed.host, path: url.slice(parsed.origin.length) };
}

function headerText(headers: RequestEntry['exchange']['requestHeaders']): readonly string[] {
  return headers.map(([name, value]) => `${name}: ${value}`);
}

/** One entry as text for a report. It has come redacted, so the copy is as safe as the screen. */
export function entryText(entry: LogEntry): string {
  if (entry.kind === 'decision') return `${entry.at} ${entry.registryHost}: ${entry.text}`;
  const { method, url, requestHeaders, status, responseHeaders, bodyStart } = entry.exchange;
  const answer = status === undefined ? `no answer: ${entry.failure ?? 'unknown'}` : `HTTP ${status}`;
  return [
    `${entry.at} ${method} ${url}`,
    ...headerText(requestHeaders),
    '',
    `${answer} after ${durationText(entry.headersMs ?? entry.totalMs)} (try ${entry.attempt}, queued ${durationText(entry.queuedMs)})`,
    ...headerText(responseHeaders),
    ...(bodyStart === undefined ? [] : ['', bodyStart]),
  ].join('\n');
}
