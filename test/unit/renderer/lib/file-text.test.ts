import { describe, expect, it } from 'vitest';
import { formatMode, formatOwner, hidingText, noteTexts } from '#renderer/lib/file-text.ts';
import { databaseNote } from '#renderer/lib/package-text.ts';
import { doneOf, paceText, readingText, type ReadProgress } from '#renderer/lib/layer-reading.ts';
import { timeLeftText } from '#renderer/lib/duration-text.ts';
import type { FileRow } from '#shared/api/file-rows.ts';

describe('formatMode', () => {
  it.each([
    ['file', 0o644, '-rw-r--r--'],
    ['directory', 0o1777, 'drwxrwxrwt'],
    ['file', 0o4755, '-rwsr-xr-x'],
    ['file', 0o6644, '-rwSr-Sr--'],
    ['symlink', 0o777, 'lrwxrwxrwx'],
    ['fifo', 0o1600, 'prw------T'],
    ['char-device', 0, 'c---------'],
  ] as const)('writes %s %o as ls does', (type, mode, text) => {
    expect(formatMode(type, mode)).toBe(text);
  });
});

describe('formatOwner', () => {
  const row = { uid: 0, gid: 42 } as FileRow;

  it('has names where the layer has them, and numbers where not', () => {
    expect(formatOwner(row)).toBe('0:42');
    expect(formatOwner({ ...row, userName: 'root', groupName: '' })).toBe('root:42');
  });
});

describe('texts about entries', () => {
  it('count layers from 1', () => {
    expect(hidingText({ how: 'whiteout', layer: 3, path: 'a' })).toBe('deleted by layer 4');
  });

  it('say of each note what it means', () => {
    expect(noteTexts(['unsafe-name', 'sparse'])).toHaveLength(2);
    expect(noteTexts([])).toEqual([]);
  });

  it('say of a package database only what went wrong', () => {
    const database = { ecosystem: 'rpm', path: 'var/lib/rpm/Packages', packageCount: 0 } as const;
    expect(databaseNote({ ...database, state: 'read' })).toBeUndefined();
    expect(databaseNote({ ...database, state: 'not-readable' })).toMatch(
      /^RPM: \/var\/lib\/rpm\/Packages is in a form/,
    );
  });
});

describe('texts about reading', () => {
  const progress: ReadProgress = {
    kind: 'progress',
    readBytes: 1024,
    totalBytes: 4096,
    bytesPerSecond: 2048,
    secondsLeft: 2,
    layers: [],
  };

  it('say how far, how fast and how long', () => {
    expect(readingText(progress)).toBe('Reading 1.00 KiB of 4.00 KiB');
    expect(paceText(progress)).toBe('2.00 KiB/s · 2 s left');
    expect(paceText(undefined)).toBe('');
    expect(doneOf(progress)).toEqual({ value: 1024, max: 4096 });
    expect(doneOf({ kind: 'merging', entryCount: 0, totalEntryCount: 0 })).toEqual({ value: 0, max: 1 });
  });

  it.each([
    [0.4, 'almost done'],
    [26, '26 s left'],
    [180, '3 min left'],
    [7300, '2 h 2 min left'],
  ])('round %f seconds to what matters', (seconds, text) => {
    expect(timeLeftText(seconds)).toBe(text);
  });
});
