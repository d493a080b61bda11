import type { AppError } from '#shared/api/app-error.ts';
import type { OpenEvent } from '#shared/api/files.ts';
import type { SingleImageView } from '#shared/api/images.ts';
import { timeLeftText } from './duration-text.ts';
import { formatBytes, formatCount } from './format-bytes.ts';
import type { WaitProgress } from './pace.ts';

export type ReadProgress = Exclude<OpenEvent, { readonly kind: 'ready' }>;

/** How far the layers of an image are read. `asked`: they are large, and nobody has said yes yet. */
export type Reading = {
  readonly bytes: number;
  readonly read: () => void;
  readonly cancel: () => void;
} & (
  | { readonly state: 'asked' | 'ready' }
  | { readonly state: 'reading'; readonly progress: ReadProgress | undefined }
  | { readonly state: 'failed'; readonly error: AppError }
);

/** Bytes of an image's layers as they would come from the registry; foreign ones do not. */
export function layerBytes(image: SingleImageView): number {
  return image.layers.reduce((sum, { descriptor, foreign }) => (foreign ? sum : sum + descriptor.sizeBytes), 0);
}

/** `Reading 12 MiB of 80 MiB`. */
export function readingText(progress: ReadProgress | undefined): string {
  if (progress === undefined) return 'Opening the layers…';
  if (progress.kind === 'merging') return `Putting ${formatCount(progress.totalEntryCount)} entries together…`;
  return `Reading ${formatBytes(progress.readBytes)} of ${formatBytes(progress.totalBytes)}`;
}

/** `38 MiB/s · 26 s left`; empty until there is a speed to judge by. */
export function paceText(progress: ReadProgress | undefined): string {
  if (progress?.kind !== 'progress') return '';
  const { bytesPerSecond, secondsLeft } = progress;
  const parts = [
    bytesPerSecond === undefined ? undefined : `${formatBytes(Math.round(bytesPerSecond))}/s`,
    secondsLeft === undefined ? undefined : timeLeftText(secondsLeft),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** The same for what waits until layers are read again; undefined while nothing is read. */
export function waitProgress(progress: ReadProgress | undefined): WaitProgress | undefined {
  if (progress === undefined) return undefined;
  const { value, max } = doneOf(progress);
  return { share: value / max, text: [readingText(progress), paceText(progress)].filter(Boolean).join(' · ') };
}

/** How much is done, for a progress bar. */
export function doneOf(progress: ReadProgress | undefined): { readonly value: number; readonly max: number } {
  if (progress === undefined) return { value: 0, max: 1 };
  return progress.kind === 'merging'
    ? { value: progress.entryCount, max: Math.max(1, progress.totalEntryCount) }
    : { value: progress.readBytes, max: Math.max(1, progress.totalBytes) };
}
