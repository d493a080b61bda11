import { flattenTree } from '#renderer/lib/flatten-tree.ts';
import {
  FAVOURITES_ID,
  folderRowId,
  registryRowId,
  repositoryKey,
  repositoryRowId,
  type Listing,
  type TreeInput,
  type TreeRow,
} from '#renderer/lib/tree-rows.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const HUB = { id: 'hub', label: 'Docker Hub', kind: 'remote' } as const;
const LOCAL = { id: 'local', label: 'Local', kind: 'local' } as const;

const listing = (names: readonly string[], more: Partial<Listing> = {}): Listing => ({
  status: 'ready',
  pages: [names],
  hasMore: false,
  loadingMore: false,
  droppedCount: 0,
  ...more,
});

const input = (more: Partial<TreeInput> = {}): TreeInput => ({
  registries: [LOCAL],
  pins: [],
  expanded: new Set([registryRowId('local')]),
  repositories: new Map(),
  tags: new Map(),
  filter: '',
  ...more,
});

const withNames = (names: readonly string[], more: Partial<TreeInput> = {}) =>
  input({ repositories: new Map([['local', listing(names)]]), ...more });

/** A row as one would read it: level, kind and name. */
const shown = (rows: readonly TreeRow[]) =>
  rows.map((row) => {
    const name =
      row.kind === 'registry' ? row.registry.label : 'name' in row ? row.name : row.kind === 'tag' ? row.tag : '';
    return `${row.level} ${row.kind} ${name}`.trim();
  });

describe('flattenTree', () => {
  it('shows a closed registry as one row', () => {
    expect(shown(flattenTree(input({ expanded: new Set() })))).toEqual(['1 registry Local']);
  });

  it('groups repositories by path segment, in natural order', () => {
    const rows = flattenTree(
      withNames(['team/app10', 'team/app9', 'alone'], {
        expanded: new Set([registryRowId('local'), folderRowId('local', 'team')]),
      }),
    );
    expect(shown(rows)).toEqual([
      '1 registry Local',
      '2 repository alone',
      '2 folder team',
      '3 repository app9',
      '3 repository app10',
    ]);
  });

  it('shows a name that is a folder and a repository as both', () => {
    expect(shown(flattenTree(withNames(['app', 'app/web'])))).toEqual([
      '1 registry Local',
      '2 folder app',
      '2 repository app',
    ]);
  });

  it('says loading under an open registry that has not answered', () => {
    expect(shown(flattenTree(input()))).toEqual(['1 registry Local', '2 loading']);
  });

  it('never shows a page as if it were the whole', () => {
    const rows = flattenTree(input({ repositories: new Map([['local', listing(['a', 'b'], { hasMore: true })]]) }));
    expect(rows.at(-1)).toMatchObject({ kind: 'more', loaded: 2, loading: false, of: { registryId: 'local' } });
  });

  it('puts an error under what has come, with all of it', () => {
    const error = { kind: 'rate-limited', codes: [] } as const;
    const broken = listing(['a'], { status: 'error', error: { ...error, codes: [] }, hasMore: true });
    const rows = flattenTree(input({ repositories: new Map([['local', broken]]) }));
    expect(shown(rows)).toEqual(['1 registry Local', '2 repository a', '2 error']);
  });

  it('does not show a cancelled request as an error', () => {
    const stopped = listing([], { status: 'error', error: { kind: 'cancelled' } });
    expect(shown(flattenTree(input({ repositories: new Map([['local', stopped]]) })))).toEqual([
      '1 registry Local',
      '2 empty',
    ]);
  });

  it('offers to pin where there is no catalog, below what is pinned', () => {
    const closed = listing([], { status: 'error', error: { kind: 'unsupported', feature: 'catalog' } });
    const rows = flattenTree(
      input({
        registries: [HUB],
        expanded: new Set([registryRowId('hub'), folderRowId('hub', 'library'), FAVOURITES_ID]),
        pins: [{ registryId: 'hub', repository: 'library/nginx' }],
        repositories: new Map([['hub', closed]]),
      }),
    );
    expect(shown(rows)).toEqual([
      '1 favourites',
      '1 registry Docker Hub',
      '2 folder library',
      '3 repository nginx',
      '2 no-catalog',
    ]);
  });

  it('says empty only when there is nothing, and how many names were left out', () => {
    const rows = flattenTree(input({ repositories: new Map([['local', listing([], { droppedCount: 3 })]]) }));
    expect(rows.at(-1)).toMatchObject({ kind: 'empty', droppedCount: 3 });
  });

  it('shows favourites first, open until they are closed', () => {
    const pins = [{ registryId: 'local', repository: 'team/app' }];
    const open = flattenTree(withNames(['team/app'], { pins }));
    expect(shown(open).slice(0, 2)).toEqual(['1 favourites', '2 repository team/app']);
    const closed = flattenTree(withNames(['team/app'], { pins, expanded: new Set([FAVOURITES_ID]) }));
    expect(shown(closed)).toEqual(['1 favourites', '1 registry Local']);
  });

  it('leaves out favourites of a registry that is gone', () => {
    const rows = flattenTree(input({ pins: [{ registryId: 'gone', repository: 'a' }], expanded: new Set() }));
    expect(shown(rows)).toEqual(['1 registry Local']);
  });

  it('shows the tags of an open repository in natural order', () => {
    const place = { registryId: 'local', repository: 'app' };
    const rows = flattenTree(
      withNames(['app'], {
        expanded: new Set([registryRowId('local'), repositoryRowId(place, false)]),
        tags: new Map([[repositoryKey(place), listing(['1.10', '1.9', 'latest'])]]),
      }),
    );
    expect(shown(rows).slice(2)).toEqual(['3 tag 1.9', '3 tag 1.10', '3 tag latest']);
  });

  it('filters by any part of the name, opens the folders on the way and hides the rest', () => {
    const rows = flattenTree(withNames(['team/web/api', 'team/db', 'other'], { filter: 'WEB' }));
    expect(shown(rows)).toEqual(['1 registry Local', '2 folder team', '3 folder web', '4 repository api']);
  });

  it('numbers siblings and names parents, whatever is open', () => {
    const component = fc.stringMatching(/^[a-z]{1,3}$/);
    const names = fc.uniqueArray(fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')));
    fc.assert(
      fc.property(names, fc.boolean(), (repositories, filtering) => {
        const folders = repositories.flatMap((name) => {
          const parts = name.split('/');
          return parts.map((_, index) => folderRowId('local', parts.slice(0, index).join('/')));
        });
        const expanded = new Set([registryRowId('local'), ...folders]);
        const rows = flattenTree(withNames(repositories, { expanded, filter: filtering ? 'a' : '' }));
        const ids = new Set(rows.map((row) => row.id));
        expect(ids.size).toBe(rows.length);
        rows.forEach((row) => {
          const siblings = rows.filter((other) => other.parentId === row.parentId && other.level === row.level);
          expect(row.setSize).toBe(siblings.length);
          expect(siblings[row.posInSet - 1]).toBe(row);
          expect(row.parentId === undefined || ids.has(row.parentId)).toBe(true);
        });
        const wanted = filtering ? repositories.filter((name) => name.includes('a')) : repositories;
        expect(rows.filter((row) => row.kind === 'repository')).toHaveLength(wanted.length);
      }),
    );
  });
});
