import { describe, expect, test } from 'vitest';
import type { Transfer } from '#shared/api/transfers.ts';
import { applyEvent, newsBetween, summarise } from '#renderer/lib/transfer-list.ts';
import { actionsOf, queuePlace } from '#renderer/lib/transfer-actions.ts';
import {
  blobShare,
  newsText,
  progressText,
  stateText,
  summaryText,
  transferName,
  transferSource,
} from '#renderer/lib/transfer-text.ts';
import { parseDigest } from '#shared/oci/digest.ts';

const MIB = 1024 * 1024;

function transfer(transferId: string, more: Partial<Transfer> = {}): Transfer {
  return {
    transferId,
    kind: 'copy',
    sources: ['docker.io/shop/web:1.2'],
    sourceCount: 1,
    destination: 'ghcr.io/shop',
    state: 'running',
    totalBytes: 100 * MIB,
    doneBytes: 25 * MIB,
    sentBytes: 25 * MIB,
    rowCount: 1,
    doneRowCount: 0,
    failedRowCount: 0,
    conflictRowCount: 0,
    createdAt: '2026-11-27T10:00:00Z',
    ...more,
  };
}

const ids = (list: readonly Transfer[]) => list.map(({ transferId }) => transferId);

describe('applyEvent', () => {
  const list = [transfer('a'), transfer('b', { state: 'queued' }), transfer('c', { state: 'done' })];

  test('a snapshot is the whole', () => {
    expect(ids(applyEvent(list, { kind: 'snapshot', transfers: [transfer('x')] }))).toEqual(['x']);
  });

  test('a change stays in its place', () => {
    const changed = [transfer('b', { state: 'running' })];
    const next = applyEvent(list, { kind: 'update', changed, removedIds: [] });
    expect(ids(next)).toEqual(['a', 'b', 'c']);
    expect(next[1]?.state).toBe('running');
  });

  test('what is removed is gone, and what is new stands last of what is under way', () => {
    const changed = [transfer('d', { state: 'queued' })];
    expect(ids(applyEvent(list, { kind: 'update', changed, removedIds: ['a'] }))).toEqual(['b', 'd', 'c']);
  });
});

describe('summarise', () => {
  test('adds up what is under way, and estimates from what moves', () => {
    const summary = summarise([
      transfer('a', { bytesPerSecond: 10 * MIB }),
      transfer('b', { bytesPerSecond: 15 * MIB }),
      transfer('c', { state: 'queued', doneBytes: 0 }),
      transfer('d', { state: 'done', doneBytes: 100 * MIB }),
    ]);
    expect(summary).toMatchObject({ runningCount: 2, queuedCount: 1, openCount: 3, secondsLeft: 6 });
    expect(summaryText(summary)).toBe('2 running · 1 queued · 50.0 MiB of 300 MiB · 25.0 MiB/s · 6 s left');
  });

  test('tells what waits for a person from what was paused', () => {
    const summary = summarise([
      transfer('a', { state: 'paused' }),
      transfer('b', { state: 'conflict' }),
      transfer('c', { state: 'paused', error: { kind: 'unauthorized', hadCredential: true, codes: [] } }),
    ]);
    expect(summary).toMatchObject({ pausedCount: 1, waitingCount: 2, secondsLeft: undefined });
    expect(summaryText(summary)).toBe('1 paused · 2 need you · 75.0 MiB of 300 MiB');
  });

  test('says nothing when nothing is under way', () => {
    expect(summaryText(summarise([transfer('a', { state: 'failed' })]))).toBeUndefined();
  });
});

describe('newsBetween', () => {
  const news = (before: Partial<Transfer>, after: Partial<Transfer>) =>
    newsBetween([transfer('a', before)], [transfer('a', after)]).map(({ kind }) => kind);

  test('tells of ends and of what needs a person, once', () => {
    expect(news({}, { state: 'done' })).toEqual(['done']);
    expect(news({}, { state: 'failed' })).toEqual(['failed']);
    expect(news({}, { state: 'done', failedRowCount: 1 })).toEqual(['failed']);
    expect(news({}, { state: 'conflict' })).toEqual(['waiting']);
    expect(news({}, { state: 'paused', error: { kind: 'disk', reason: 'full' } })).toEqual(['waiting']);
  });

  test('tells nothing of what a person did, of progress, and of what was so before', () => {
    expect(news({}, { state: 'paused' })).toEqual([]);
    expect(news({}, { state: 'cancelled' })).toEqual([]);
    expect(news({}, { doneBytes: 99 })).toEqual([]);
    expect(news({ state: 'done' }, { state: 'done' })).toEqual([]);
    expect(newsBetween([], [transfer('a', { state: 'done' })])).toEqual([]);
  });
});

describe('words', () => {
  test('name what is moved, and how many more there are', () => {
    expect(transferSource(transfer('a'))).toBe('docker.io/shop/web:1.2');
    expect(transferSource(transfer('a', { sourceCount: 4 }))).toBe('docker.io/shop/web:1.2 and 3 more');
    expect(transferName(transfer('a', { kind: 'pull', destination: 'a\u202e.tar' }))).not.toContain('\u202e');
  });

  test('say how far it is, how fast, and how long it takes', () => {
    expect(progressText(transfer('a', { bytesPerSecond: 10 * MIB, secondsLeft: 7.5, rowCount: 3 }))).toBe(
      '25.0 MiB of 100 MiB · 0 of 3 images · 10.0 MiB/s · 8 s left',
    );
  });

  test('say what a finished one has spared', () => {
    expect(progressText(transfer('a', { state: 'done', sentBytes: 40 * MIB }))).toBe(
      '40.0 MiB sent · 60.0 MiB were there already',
    );
    expect(progressText(transfer('a', { state: 'done', sentBytes: 0 }))).toBe('Nothing had to be sent');
  });

  test('do not call it done when some of it failed', () => {
    expect(stateText(transfer('a', { state: 'done', failedRowCount: 2, rowCount: 5 }))).toEqual({
      text: 'Done, 2 of 5 failed',
      tone: 'danger',
    });
    expect(stateText(transfer('a', { state: 'paused', error: { kind: 'cancelled' } })).text).toBe('Stopped');
  });

  test('say aloud what has come of it', () => {
    const download = { fileName: 'web.tar', sizeBytes: 1 };
    expect(newsText({ transfer: transfer('a', { state: 'done' }), kind: 'done' })).toMatch(/^Done: Copy /);
    expect(newsText({ transfer: transfer('a', { state: 'done', download }), kind: 'done' })).toMatch(
      /^Ready to download/,
    );
    expect(newsText({ transfer: transfer('a', { state: 'done', failedRowCount: 1 }), kind: 'failed' })).toMatch(
      /^1 of 1 failed/,
    );
  });

  test('a blob that was there already is whole, and one of no bytes has no share of them', () => {
    const blob = {
      digest: parseDigest(`sha256:${'ab'.repeat(32)}`),
      role: 'layer',
      sizeBytes: 10,
      sentBytes: 4,
    } as const;
    expect(blobShare({ ...blob, state: 'sending' })).toBe(0.4);
    expect(blobShare({ ...blob, state: 'mounted', sentBytes: 0 })).toBe(1);
    expect(blobShare({ ...blob, state: 'queued', sizeBytes: 0 })).toBe(0);
  });
});

describe('actionsOf', () => {
  const of = (more: Partial<Transfer>, context: object = {}) =>
    actionsOf(transfer('a', more), { queuePlace: -1, queuedCount: 0, canReveal: false, ...context });

  test.each([
    [{}, ['pause', 'cancel']],
    [{ state: 'paused' }, ['resume', 'cancel']],
    [{ state: 'conflict' }, ['decide', 'cancel']],
    [{ state: 'failed' }, ['retry', 'remove']],
    [{ state: 'cancelled' }, ['retry', 'remove']],
    [{ state: 'done' }, ['remove']],
    [{ state: 'done', failedRowCount: 1 }, ['retry', 'remove']],
  ] as const)('offers for %j what can be done', (more, actions) => {
    expect(of(more)).toEqual(actions);
  });

  test('a queued one moves as far as there is room', () => {
    const queued = { state: 'queued' } as const;
    expect(of(queued, { queuePlace: 0, queuedCount: 2 })).toEqual(['pause', 'later', 'cancel']);
    expect(of(queued, { queuePlace: 1, queuedCount: 2 })).toEqual(['pause', 'earlier', 'cancel']);
    const list = [transfer('x'), transfer('y', queued), transfer('z', queued)];
    expect(queuePlace(list, 'z')).toBe(1);
    expect(queuePlace(list, 'x')).toBe(-1);
  });

  test('a saved file is downloaded, or shown where the host has folders', () => {
    const saved = { kind: 'pull', state: 'done' } as const;
    expect(of({ ...saved, download: { fileName: 'a.tar', sizeBytes: 1 } })).toEqual(['download', 'remove']);
    expect(of(saved, { canReveal: true })).toEqual(['reveal', 'remove']);
  });
});
