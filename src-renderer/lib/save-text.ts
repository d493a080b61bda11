import type { SaveEvent } from '#shared/api/file-save.ts';
import { formatBytes, formatCount } from './format-bytes.ts';
import { bytesPaceText } from './pace.ts';

export type SaveDone = Extract<SaveEvent, { readonly kind: 'done' }>;
export type SaveProgress = Extract<SaveEvent, { readonly kind: 'progress' }>;

/** `12 MiB of 80 MiB · 38 MiB/s · 2 s left`. */
export function saveProgressText({ writtenBytes, totalBytes }: SaveProgress, elapsedMs: number): string {
  // Headers of long names are not in the total.
  return bytesPaceText({ doneBytes: writtenBytes, totalBytes: Math.max(totalBytes, writtenBytes), elapsedMs });
}

/** How much came of it. */
export function savedText({ writtenBytes, entryCount }: SaveDone): string {
  const entries = entryCount === 1 ? '' : ` · ${formatCount(entryCount)} entries`;
  return `${formatBytes(writtenBytes)}${entries}`;
}

const REASONS: Readonly<Record<SaveDone['leftOut'][number]['reason'], string>> = {
  'escaping-path': 'its name leads out of the place it is saved to',
  'escaping-link': 'a link that leads out of the file system',
  'broken-hard-link': 'a hard link to what is not there',
  unplaced: 'it stands in no folder of the image',
};

/** Why an entry is not in the tar. */
export function leftOutText(reason: SaveDone['leftOut'][number]['reason']): string {
  return REASONS[reason];
}
