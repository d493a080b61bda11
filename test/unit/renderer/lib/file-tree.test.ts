import { assert as check, property, subarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aloneLine,
  ancestorsOf,
  FILE_PAGE,
  type FileListing,
  layOutFiles,
  parentPath,
  sideMove,
} from '#renderer/lib/file-tree.ts';
import type { FileRow } from '#shared/api/file-rows.ts';

function row(path: string, type: FileRow['type'] = 'file', childCount?: number): FileRow {
  return {
    path,
    name: path.split('/').at(-1) ?? '',
    type,
    sizeBytes: 1,
    mode: 0o644,
    uid: 0,
    gid: 0,
    modifiedSeconds: 0,
    state: 'present',
    notes: [],
    versionCount: 1,
    ...(childCount === undefined ? {} : { childCount }),
  };
}
const directory = (path: string) => row(path, 'directory', 2);
const listing = (...rows: readonly FileRow[]): FileListing => ({
  totalCount: rows.length,
  pages: new Map([[0, rows]]),
});
const shown = (tree: ReturnType<typeof layOutFiles>) =>
  Array.from({ length: tree.length }, (_, index) => {
    const line = tree.lineAt(index);
    return line?.kind === 'entry' ? `${line.level} ${line.row.path}` : `${line?.level} ${line?.kind}`;
  });

const LISTINGS = new Map([
  ['', listing(directory('etc'), directory('usr'), row('run.sh'))],
  ['etc', listing(row('etc/hosts'), row('etc/passwd'))],
  ['usr', listing(directory('usr/lib'), row('usr/a'))],
  ['usr/lib', listing(row('usr/lib/x'))],
]);

describe('layOutFiles', () => {
  it('shows what is in open directories under them', () => {
    const tree = layOutFiles('', LISTINGS, new Set(['etc', 'usr', 'usr/lib']));
    expect(shown(tree)).toEqual([
      '1 etc',
      '2 etc/hosts',
      '2 etc/passwd',
      '1 usr',
      '2 usr/lib',
      '3 usr/lib/x',
      '2 usr/a',
      '1 run.sh',
    ]);
    expect(tree.lineAt(8)).toBeUndefined();
    expect(tree.lineAt(-1)).toBeUndefined();
  });

  it('leaves a closed directory closed, whatever is open in it', () => {
    expect(shown(layOutFiles('', LISTINGS, new Set(['usr/lib'])))).toEqual(['1 etc', '1 usr', '1 run.sh']);
  });

  it('has one line for what is not there yet, is empty, or failed', () => {
    const error = { kind: 'cancelled' } as const;
    const listings = new Map<string, FileListing>([
      ['', listing(directory('a'), directory('b'), directory('c'))],
      ['b', listing()],
      ['c', { pages: new Map(), error }],
    ]);
    const tree = layOutFiles('', listings, new Set(['a', 'b', 'c']));
    expect(shown(tree)).toEqual(['1 a', '2 pending', '1 b', '2 empty', '1 c', '2 error']);
  });

  it('keeps the place of pages that are not loaded', () => {
    const later = [row('z')];
    const tree = layOutFiles(
      '',
      new Map([['', { totalCount: FILE_PAGE * 2, pages: new Map([[1, later]]) }]]),
      new Set(),
    );
    expect(tree.length).toBe(FILE_PAGE * 2);
    expect(tree.lineAt(3)).toMatchObject({ kind: 'pending', page: 0 });
    expect(tree.lineAt(FILE_PAGE)).toMatchObject({ kind: 'entry', row: { path: 'z' }, position: FILE_PAGE });
  });

  it('finds every line that it shows, wherever it stands', () => {
    const opened = subarray(['etc', 'usr', 'usr/lib']);
    check(
      property(opened, (paths) => {
        const tree = layOutFiles('', LISTINGS, new Set(paths));
        for (let index = 0; index < tree.length; index += 1) {
          const line = tree.lineAt(index);
          expect(tree.indexOf(line?.kind === 'entry' ? line.row.path : '')).toBe(index);
        }
      }),
    );
    expect(layOutFiles('', LISTINGS, new Set()).indexOf('etc/hosts')).toBeUndefined();
  });
});

describe('sideMove', () => {
  const tree = layOutFiles('', LISTINGS, new Set(['etc']));

  it('opens, then goes in; closes, then goes out', () => {
    expect(sideMove(tree, 3, 'ArrowRight')).toEqual({ kind: 'toggle', path: 'usr' });
    expect(sideMove(tree, 0, 'ArrowRight')).toEqual({ kind: 'focus', index: 1 });
    expect(sideMove(tree, 1, 'ArrowRight')).toEqual({ kind: 'none' });
    expect(sideMove(tree, 0, 'ArrowLeft')).toEqual({ kind: 'toggle', path: 'etc' });
    expect(sideMove(tree, 2, 'ArrowLeft')).toEqual({ kind: 'focus', index: 0 });
    expect(sideMove(tree, 4, 'ArrowLeft')).toEqual({ kind: 'none' });
  });
});

describe('paths', () => {
  it('have a parent, and directories above them', () => {
    expect([parentPath('a/b/c'), parentPath('a'), parentPath('')]).toEqual(['a/b', '', '']);
    expect(ancestorsOf('a/b/c')).toEqual(['a', 'a/b']);
    expect(ancestorsOf('a')).toEqual([]);
  });
});

describe('aloneLine', () => {
  const lay = (listing?: FileListing) =>
    aloneLine(layOutFiles('', new Map(listing === undefined ? [] : [['', listing]]), new Set()));

  it('stands for a whole that is on its way, given up, not there, or failed', () => {
    expect(lay()).toMatchObject({ kind: 'pending', isStopped: false });
    expect(lay({ pages: new Map(), isStopped: true })).toMatchObject({ kind: 'pending', isStopped: true });
    expect(lay({ pages: new Map(), totalCount: 0 })).toMatchObject({ kind: 'empty' });
    expect(lay({ pages: new Map(), error: { kind: 'cancelled' } })).toMatchObject({ kind: 'error' });
  });

  it('is no line of a list that has rows', () => {
    expect(lay(listing(row('a')))).toBeUndefined();
    expect(lay(listing(row('a'), row('b')))).toBeUndefined();
  });
});
