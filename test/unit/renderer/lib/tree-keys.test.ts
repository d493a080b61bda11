import { flattenTree } from '#renderer/lib/flatten-tree.ts';
import { treeMove, typeAhead } from '#renderer/lib/tree-keys.ts';
import { folderRowId, registryRowId } from '#renderer/lib/tree-rows.ts';
import { describe, expect, it } from 'vitest';

const rows = flattenTree({
  registries: [
    { id: 'local', label: 'Local', kind: 'local' },
    { id: 'hub', label: 'Docker Hub', kind: 'remote' },
  ],
  pins: [],
  expanded: new Set([registryRowId('local'), folderRowId('local', 'a')]),
  repositories: new Map([
    [
      'local',
      { status: 'ready', pages: [['a/one', 'a/two', 'b/one']], hasMore: false, loadingMore: false, droppedCount: 0 },
    ],
  ]),
  tags: new Map(),
  filter: '',
});
const LOCAL = 0;
const FOLDER_A = 1;
const ONE = 2;
const FOLDER_B = 4;
const HUB = 5;

describe('treeMove', () => {
  it('goes down and up and stays at the ends', () => {
    expect(treeMove(rows, LOCAL, 'ArrowDown', 10)).toEqual({ kind: 'focus', index: 1 });
    expect(treeMove(rows, LOCAL, 'ArrowUp', 10)).toEqual({ kind: 'focus', index: 0 });
    expect(treeMove(rows, HUB, 'ArrowDown', 10)).toEqual({ kind: 'focus', index: HUB });
    expect(treeMove(rows, LOCAL, 'PageDown', 3)).toEqual({ kind: 'focus', index: 3 });
    expect(treeMove(rows, LOCAL, 'End', 3)).toEqual({ kind: 'focus', index: HUB });
  });

  it('opens a closed row with the right arrow and enters an open one', () => {
    expect(treeMove(rows, FOLDER_B, 'ArrowRight', 10)).toEqual({ kind: 'open', ids: [folderRowId('local', 'b')] });
    expect(treeMove(rows, FOLDER_A, 'ArrowRight', 10)).toEqual({ kind: 'focus', index: ONE });
  });

  it('closes an open row with the left arrow and goes to the parent of any other', () => {
    expect(treeMove(rows, FOLDER_A, 'ArrowLeft', 10)).toEqual({ kind: 'close', ids: [folderRowId('local', 'a')] });
    expect(treeMove(rows, ONE, 'ArrowLeft', 10)).toEqual({ kind: 'focus', index: FOLDER_A });
    expect(treeMove(rows, HUB, 'ArrowLeft', 10)).toEqual({ kind: 'none' });
  });

  it('opens the folders beside a row with the asterisk, and nothing that costs a request', () => {
    expect(treeMove(rows, FOLDER_A, '*', 10)).toEqual({ kind: 'open', ids: [folderRowId('local', 'b')] });
    expect(treeMove(rows, HUB, '*', 10)).toEqual({ kind: 'none' });
  });
});

describe('typeAhead', () => {
  it('finds the next row that begins with a letter, round the end', () => {
    expect(typeAhead(rows, ONE, 'd')).toBe(HUB);
    expect(typeAhead(rows, HUB, 'l')).toBe(LOCAL);
  });

  it('stays on a row that still matches while a word grows', () => {
    expect(typeAhead(rows, HUB, 'dock')).toBe(HUB);
  });

  it('finds nothing for what is not there', () => {
    expect(typeAhead(rows, LOCAL, 'x')).toBeUndefined();
  });
});
