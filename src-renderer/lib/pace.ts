import { timeLeftText } from './duration-text.ts';
import { formatBytes } from './format-bytes.ts';

/** A speed is not judged by less than this. */
const LEAST_MS = 1000;

export type Pace = { readonly doneBytes: number; readonly totalBytes: number; readonly elapsedMs: number };

/** `12 MiB of 80 MiB · 38 MiB/s · 2 s left`; speed and time left once a second has passed since the beginning. */
export function bytesPaceText({ doneBytes, totalBytes, elapsedMs }: Pace): string {
  const of = `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
  if (elapsedMs < LEAST_MS || doneBytes === 0) return of;
  const perSecond = (doneBytes / elapsedMs) * 1000;
  const left = Math.max(0, totalBytes - doneBytes) / perSecond;
  return `${of} · ${formatBytes(Math.round(perSecond))}/s · ${timeLeftText(left)}`;
}
