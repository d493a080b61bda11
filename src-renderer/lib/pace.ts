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

/** What a stream said last, and how long it had gone on by then. */
export type Told<E> = { readonly event: E; readonly elapsedMs: number };

/** What is shown while one waits. */
export type WaitProgress = { readonly share: number; readonly text: string };

type Bytes = { readonly readBytes: number; readonly totalBytes: number };

/** Bytes and time left; undefined until it is known that there is anything to read. */
export function bytesWait(told: Told<Bytes> | undefined): WaitProgress | undefined {
  if (told === undefined || told.event.totalBytes === 0) return undefined;
  const { readBytes: doneBytes, totalBytes } = told.event;
  return { share: doneBytes / totalBytes, text: bytesPaceText({ doneBytes, totalBytes, elapsedMs: told.elapsedMs }) };
}

type Steps = { readonly doneCount: number; readonly totalCount: number };

/** `45 % · 3 s left`, of work that reads nothing. */
export function stepsWait(told: Told<Steps> | undefined): WaitProgress | undefined {
  if (told === undefined || told.event.totalCount === 0) return undefined;
  const share = told.event.doneCount / told.event.totalCount;
  const percent = `${Math.floor(share * 100)} %`;
  if (told.elapsedMs < LEAST_MS || share === 0) return { share, text: percent };
  return { share, text: `${percent} · ${timeLeftText((told.elapsedMs * (1 - share)) / share / 1000)}` };
}
