import { currentRow, revealIn, revealKey } from '#renderer/lib/current-row.ts';
import { flattenTree } from '#renderer/lib/flatten-tree.ts';
import { imagePath, parsePath, registryPath, repositoryPath, settingsPath } from '#renderer/lib/paths.ts';
import { FAVOURITES_ID, folderRowId, registryRowId, repositoryRowId, tagRowId } from '#renderer/lib/tree-rows.ts';
import { describe, expect, it } from 'vitest';

const APP = { registryId: 'hub', repository: 'team/web/app' };
const APP_ROW = repositoryRowId(APP, false);
const APP_PIN = repositoryRowId(APP, true);
const HUB = registryRowId('hub');
const FOLDERS = [folderRowId('hub', 'team'), folderRowId('hub', 'team/web')];
const appPage = parsePath(repositoryPath(APP));
const appImage = parsePath(imagePath({ ...APP, reference: '1.0' }));

const listing = (names: readonly string[]) =>
  ({ status: 'ready', pages: [names], hasMore: false, loadingMore: false, droppedCount: 0 }) as const;

const rowsWith = (expanded: readonly string[], pins: readonly (typeof APP)[] = [], names = [APP.repository]) =>
  flattenTree({
    registries: [{ id: 'hub', label: 'Hub', kind: 'remote' }],
    pins,
    expanded: new Set(expanded),
    repositories: new Map([['hub', listing(names)]]),
    tags: new Map([['hub team/web/app', listing(['1.0', '2.0'])]]),
    filter: '',
  });

describe('currentRow', () => {
  it('is the row of the repository', () => {
    expect(currentRow(rowsWith([HUB, ...FOLDERS]), appPage, 'registry')).toEqual({ id: APP_ROW, exact: true });
  });

  it('is the tag of an image where the tags are shown, else its repository', () => {
    const open = rowsWith([HUB, ...FOLDERS, APP_ROW]);
    expect(currentRow(open, appImage, 'registry')).toEqual({ id: tagRowId(APP_ROW, '1.0'), exact: true });
    expect(currentRow(rowsWith([HUB, ...FOLDERS]), appImage, 'registry')).toEqual({ id: APP_ROW, exact: true });
  });

  it('is the closed folder that holds the repository', () => {
    expect(currentRow(rowsWith([HUB, FOLDERS[0]!]), appPage, 'registry')).toEqual({ id: FOLDERS[1], exact: false });
    expect(currentRow(rowsWith([HUB]), appPage, 'registry')).toEqual({ id: FOLDERS[0], exact: false });
  });

  it('is the registry when the repository is not among what is loaded', () => {
    const rows = rowsWith([HUB, ...FOLDERS], [], ['team/web/other']);
    expect(currentRow(rows, appPage, 'registry')).toEqual({ id: HUB, exact: false });
  });

  it('is the pin or the row in the registry, whichever is meant, and the other one where that is gone', () => {
    const both = rowsWith([HUB, ...FOLDERS], [APP]);
    expect(currentRow(both, appPage, 'favourites')?.id).toBe(APP_PIN);
    expect(currentRow(both, appPage, 'registry')?.id).toBe(APP_ROW);
    expect(currentRow(rowsWith([], [APP]), appPage, 'registry')?.id).toBe(APP_PIN);
    expect(currentRow(rowsWith([HUB, ...FOLDERS]), appPage, 'favourites')?.id).toBe(APP_ROW);
  });

  it('is nothing for pages outside the registries and for a registry that is gone', () => {
    expect(currentRow(rowsWith([HUB]), parsePath(settingsPath()), 'registry')).toBeUndefined();
    expect(currentRow(rowsWith([HUB]), parsePath(registryPath('other')), 'registry')).toBeUndefined();
  });
});

describe('revealIn', () => {
  const closed = { pins: [], expanded: new Set<string>(), focusedId: undefined };

  it('opens the registry and every folder above, but not the repository', () => {
    expect(revealIn({ ...closed, place: appImage })).toEqual({ shelf: 'registry', open: [HUB, ...FOLDERS] });
  });

  it('opens nothing for a pinned repository of a closed registry', () => {
    expect(revealIn({ ...closed, pins: [APP], place: appPage })).toEqual({ shelf: 'favourites', open: [] });
  });

  it('goes to the registry where the favourites are closed', () => {
    const to = revealIn({ ...closed, pins: [APP], expanded: new Set([FAVOURITES_ID]), place: appPage });
    expect(to.shelf).toBe('registry');
  });

  it('stays at the pin that was clicked though the registry is open', () => {
    const input = { pins: [APP], expanded: new Set([HUB]), place: appPage };
    expect(revealIn({ ...input, focusedId: APP_PIN }).shelf).toBe('favourites');
    expect(revealIn({ ...input, focusedId: APP_ROW }).shelf).toBe('registry');
  });
});

describe('revealKey', () => {
  it('is the same for every tab and platform of one image', () => {
    const layers = imagePath({ ...APP, reference: '1.0', tab: 'layers', platform: 'sha256:1' });
    expect(revealKey(parsePath(layers))).toBe(revealKey(appImage));
    expect(revealKey(appPage)).not.toBe(revealKey(appImage));
    expect(revealKey(parsePath(settingsPath()))).toBeUndefined();
  });
});
