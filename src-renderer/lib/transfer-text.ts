import type { Transfer, TransferBlob, TransferRow, TransferState } from '#shared/api/transfers.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { roughDuration } from './duration-text.ts';
import { formatBytes, formatCount } from './format-bytes.ts';
import type { TransferNews, TransfersSummary } from './transfer-list.ts';

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger';

/** What is moved: its name, or how many there are and the first of them. Registry text. */
export function transferSource({ sources, sourceCount }: Pick<Transfer, 'sources' | 'sourceCount'>): string {
  const [first = 'nothing'] = sources;
  return sourceCount <= 1 ? first : `${first} and ${formatCount(sourceCount - 1)} more`;
}

const KINDS: Readonly<Record<Transfer['kind'], string>> = { copy: 'Copy', push: 'Push', pull: 'Save' };

export function kindText(kind: Transfer['kind']): string {
  return KINDS[kind];
}

/** For labels and announcements: one line, hidden characters spelled out. */
export function transferName(transfer: Transfer): string {
  return displayText(`${kindText(transfer.kind)} ${transferSource(transfer)} to ${transfer.destination}`);
}

const STATES: Readonly<Record<TransferState, { readonly text: string; readonly tone: Tone }>> = {
  queued: { text: 'Queued', tone: 'neutral' },
  running: { text: 'Running', tone: 'accent' },
  pausing: { text: 'Pausing', tone: 'neutral' },
  paused: { text: 'Paused', tone: 'neutral' },
  conflict: { text: 'Needs a decision', tone: 'warning' },
  done: { text: 'Done', tone: 'success' },
  failed: { text: 'Failed', tone: 'danger' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
};

export function stateText(transfer: Transfer): { readonly text: string; readonly tone: Tone } {
  const { state, failedRowCount, rowCount, error } = transfer;
  if (state === 'done' && failedRowCount > 0) {
    return { text: `Done, ${formatCount(failedRowCount)} of ${formatCount(rowCount)} failed`, tone: 'danger' };
  }
  if (state === 'paused' && error !== undefined) return { text: 'Stopped', tone: 'warning' };
  return STATES[state];
}

/** `214 MiB of 1.2 GiB`. */
export function bytesOf(done: number, total: number): string {
  return `${formatBytes(done)} of ${formatBytes(total)}`;
}

export function rateText(bytesPerSecond: number | undefined): string | undefined {
  return bytesPerSecond === undefined ? undefined : `${formatBytes(Math.round(bytesPerSecond))}/s`;
}

export function leftText(secondsLeft: number | undefined): string | undefined {
  return secondsLeft === undefined ? undefined : `${roughDuration(secondsLeft)} left`;
}

/** What stands under the name of one transfer. */
export function progressText(transfer: Transfer): string {
  const { state, doneBytes, totalBytes, bytesPerSecond, secondsLeft, sentBytes, rowCount, doneRowCount } = transfer;
  const rows = rowCount > 1 ? `${formatCount(doneRowCount)} of ${formatCount(rowCount)} images` : undefined;
  if (state === 'done') {
    const spared = totalBytes - sentBytes;
    const sent = sentBytes === 0 ? 'Nothing had to be sent' : `${formatBytes(sentBytes)} sent`;
    return [sent, spared > 0 && sentBytes > 0 ? `${formatBytes(spared)} were there already` : undefined, rows]
      .filter((part) => part !== undefined)
      .join(' · ');
  }
  return [bytesOf(doneBytes, totalBytes), rows, rateText(bytesPerSecond), leftText(secondsLeft)]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** `3 running · 1 queued`; undefined when nothing runs or waits. */
export function countsText(summary: TransfersSummary): string | undefined {
  const { runningCount, queuedCount, pausedCount, waitingCount, openCount } = summary;
  if (openCount === 0) return undefined;
  const counts = [
    [runningCount, 'running'],
    [queuedCount, 'queued'],
    [pausedCount, 'paused'],
  ] as const;
  return [
    ...counts.flatMap(([count, word]) => (count === 0 ? [] : [`${formatCount(count)} ${word}`])),
    ...(waitingCount === 0 ? [] : [`${formatCount(waitingCount)} ${waitingCount === 1 ? 'needs' : 'need'} you`]),
  ].join(' · ');
}

/** `3 running · 214 MiB of 1.2 GiB · 38 MiB/s · 26 s left`; undefined when nothing runs or waits. */
export function summaryText(summary: TransfersSummary): string | undefined {
  const counts = countsText(summary);
  if (counts === undefined) return undefined;
  const { doneBytes, totalBytes, bytesPerSecond, secondsLeft } = summary;
  return [counts, bytesOf(doneBytes, totalBytes), rateText(bytesPerSecond), leftText(secondsLeft)]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** What is said aloud when a transfer has come to something. */
export function newsText({ transfer, kind }: TransferNews): string {
  const name = transferName(transfer);
  if (kind === 'done') return transfer.download === undefined ? `Done: ${name}` : `Ready to download: ${name}`;
  if (kind === 'waiting') return `Needs a decision: ${name}`;
  const { failedRowCount, rowCount, state } = transfer;
  return state === 'done' ? `${failedRowCount} of ${rowCount} failed: ${name}` : `Failed: ${name}`;
}

const BLOB_STATES: Readonly<Record<TransferBlob['state'], { readonly text: string; readonly tone: Tone }>> = {
  queued: { text: 'Queued', tone: 'neutral' },
  checking: { text: 'Checking', tone: 'neutral' },
  present: { text: 'Present', tone: 'success' },
  mounted: { text: 'Mounted', tone: 'success' },
  sending: { text: 'Sending', tone: 'accent' },
  verifying: { text: 'Verifying', tone: 'accent' },
  done: { text: 'Done', tone: 'success' },
  failed: { text: 'Failed', tone: 'danger' },
};

export function blobStateText(state: TransferBlob['state']): { readonly text: string; readonly tone: Tone } {
  return BLOB_STATES[state];
}

/** How full the bar of a blob is, from 0 to 1: what was there already needed nothing and is whole. */
export function blobShare({ state, sentBytes, sizeBytes }: TransferBlob): number {
  if (state === 'present' || state === 'mounted' || state === 'done') return 1;
  return sizeBytes === 0 ? 0 : Math.min(1, sentBytes / sizeBytes);
}

const ROLES: Readonly<Record<TransferBlob['role'], string>> = {
  manifest: 'Manifest',
  index: 'Index',
  config: 'Config',
  layer: 'Layer',
  referrer: 'Referrer',
  blob: 'Blob',
};

export function blobRoleText(role: TransferBlob['role']): string {
  return ROLES[role];
}

const ROW_STATES: Readonly<Record<TransferRow['state'], { readonly text: string; readonly tone: Tone }>> = {
  queued: { text: 'Queued', tone: 'neutral' },
  running: { text: 'Running', tone: 'accent' },
  done: { text: 'Done', tone: 'success' },
  'up-to-date': { text: 'Up to date', tone: 'success' },
  skipped: { text: 'Skipped', tone: 'neutral' },
  conflict: { text: 'Tag changed', tone: 'warning' },
  failed: { text: 'Failed', tone: 'danger' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
};

type RowFacts = Pick<TransferRow, 'state' | 'sourceMovedTo'>;

export function rowStateText({ state, sourceMovedTo }: RowFacts): { readonly text: string; readonly tone: Tone } {
  const { text, tone } = ROW_STATES[state];
  return sourceMovedTo === undefined ? { text, tone } : { text: `${text}, source moved on`, tone: 'warning' };
}
