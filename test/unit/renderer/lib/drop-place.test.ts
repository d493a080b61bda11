import { describe, expect, test } from 'vitest';
import { partialPaths, type CopySource } from '#renderer/lib/copy-sources.ts';
import {
  archiveBadgeText,
  badgeText,
  judgeDrop,
  patternsFor,
  placeOfRow,
  sourcesOfRow,
  type DropPlace,
} from '#renderer/lib/drop-place.ts';
import { flattenTree } from '#renderer/lib/flatten-tree.ts';
import { folderRowId, registryRowId, repositoryRowId } from '#renderer/lib/tree-rows.ts';

const MIB = 1024 * 1024;
const hostOf = (id: string) => ({ hub: 'docker.io', ghcr: 'ghcr.io' })[id] ?? id;
const image = (repository: string, reference: string, sizeBytes?: number): CopySource => ({
  kind: 'image',
  registryId: 'hub',
  repository,
  reference,
  sizeBytes,
});
const whole = (repository: string): CopySource => ({ kind: 'repository', registryId: 'hub', repository });
const at = (registryId: string): DropPlace => ({ kind: 'registry', registryId });

const rows = flattenTree({
  registries: [{ id: 'hub', label: 'Hub', kind: 'remote' }],
  pins: [],
  expanded: new Set([
    registryRowId('hub'),
    folderRowId('hub', 'team'),
    repositoryRowId({ registryId: 'hub', repository: 'team/web' }, false),
  ]),
  repositories: new Map([
    [
      'hub',
      { status: 'ready', pages: [['team/api', 'team/web', 'top']], hasMore: true, loadingMore: false, droppedCount: 0 },
    ],
  ]),
  tags: new Map([
    ['hub team/web', { status: 'ready', pages: [['1.0']], hasMore: false, loadingMore: false, droppedCount: 0 }],
  ]),
  filter: '',
});
const all = (...names: readonly string[]) => ({ names, isWhole: true });
const row = (kind: string) => rows.find((each) => each.kind === kind)!;

describe('placeOfRow', () => {
  test('is the registry, the path or the repository a row stands for', () => {
    expect(placeOfRow(row('registry'))).toEqual({ kind: 'registry', registryId: 'hub' });
    expect(placeOfRow(row('folder'))).toEqual({ kind: 'folder', registryId: 'hub', path: 'team' });
    const place = { kind: 'repository', registryId: 'hub', repository: 'team/web' };
    expect(placeOfRow(rows.find((each) => each.id.endsWith('team/web'))!)).toEqual(place);
    expect(placeOfRow(row('tag'))).toEqual(place);
  });

  test('is nothing for a row that only tells', () => {
    expect(placeOfRow(row('more'))).toBeUndefined();
  });
});

describe('sourcesOfRow', () => {
  test('is the tag of a tag, and every loaded repository below a folder', () => {
    expect(sourcesOfRow(row('tag'), all())).toEqual([
      { kind: 'image', registryId: 'hub', repository: 'team/web', reference: '1.0' },
    ]);
    expect(sourcesOfRow(row('folder'), all('team/api', 'team/web', 'teammate/x', 'top'))).toEqual([
      whole('team/api'),
      whole('team/web'),
    ]);
  });

  test('says of a folder whose registry is not listed to its end that others may be missing', () => {
    const sources = sourcesOfRow(row('folder'), { names: ['team/api'], isWhole: false });
    expect(sources).toEqual([{ ...whole('team/api'), partOf: 'team' }]);
    expect(partialPaths([...sources, ...sources, whole('x')])).toEqual(['team']);
  });

  test('is nothing for a registry: nobody moves all of it by accident', () => {
    expect(sourcesOfRow(row('registry'), all('team/api'))).toEqual([]);
  });
});

describe('patternsFor', () => {
  test('keeps names on a registry, and puts them below a path', () => {
    expect(patternsFor([image('a/web', '1')], at('ghcr')).repository).toBe('{repository}');
    const folder: DropPlace = { kind: 'folder', registryId: 'ghcr', path: 'mirror' };
    expect(patternsFor([image('a/web', '1'), image('a/web', '2')], folder).repository).toBe('mirror/{name}');
  });

  test('keeps the whole name below a path where two would end in one', () => {
    const folder: DropPlace = { kind: 'folder', registryId: 'ghcr', path: 'mirror' };
    expect(patternsFor([whole('a/web'), whole('b/web')], folder).repository).toBe('mirror/{repository}');
  });

  test('puts everything into the repository it is dropped on', () => {
    const place: DropPlace = { kind: 'repository', registryId: 'ghcr', repository: 'x/y' };
    expect(patternsFor([image('a/web', '1')], place)).toEqual({ repository: 'x/y', tag: '{tag}' });
  });
});

describe('judgeDrop', () => {
  test('says where a copy would go', () => {
    expect(judgeDrop([image('a/web', '1')], at('ghcr'), hostOf)).toMatchObject({
      kind: 'copy',
      destination: 'ghcr.io/a/web:1',
      isMount: false,
    });
  });

  test('is nothing where things are already', () => {
    expect(judgeDrop([image('a/web', '1')], at('hub'), hostOf).kind).toBe('same-place');
    const own: DropPlace = { kind: 'repository', registryId: 'hub', repository: 'a/web' };
    expect(judgeDrop([whole('a/web')], own, hostOf).kind).toBe('same-place');
    expect(judgeDrop([whole('a/web')], { kind: 'folder', registryId: 'hub', path: 'a' }, hostOf).kind).toBe(
      'same-place',
    );
  });

  test('is a copy when one of several is not there yet', () => {
    const own: DropPlace = { kind: 'repository', registryId: 'hub', repository: 'a/web' };
    expect(judgeDrop([whole('a/web'), whole('a/api')], own, hostOf).kind).toBe('copy');
  });

  test('mounts within one registry', () => {
    const place: DropPlace = { kind: 'folder', registryId: 'hub', path: 'mirror' };
    expect(judgeDrop([image('a/web', '1')], place, hostOf)).toMatchObject({ kind: 'copy', isMount: true });
  });
});

describe('badgeText', () => {
  const textAt = (sources: readonly CopySource[], place: DropPlace) =>
    badgeText(sources, judgeDrop(sources, place, hostOf));

  test('says what is held while it is over nothing', () => {
    expect(badgeText([image('a/web', '1', 3 * MIB)], undefined)).toBe('a/web:1 (3.00 MiB)');
  });

  test('says the resulting name and the size as far as it is known', () => {
    expect(textAt([image('a/web', '1', 3 * MIB)], at('ghcr'))).toBe('copy to ghcr.io/a/web:1 (3.00 MiB)');
    expect(textAt([image('a/web', '1')], at('ghcr'))).toBe('copy to ghcr.io/a/web:1');
    const index: CopySource = { ...image('a/web', '1', 3 * MIB), isAtLeast: true } as CopySource;
    expect(textAt([index], at('ghcr'))).toBe('copy to ghcr.io/a/web:1 (at least 3.00 MiB)');
  });

  test('says how many there are, and that a registry sends itself nothing', () => {
    expect(textAt([image('a/web', '1'), image('a/web', '2')], at('ghcr'))).toBe('copy 2 images of a/web to ghcr.io');
    expect(textAt([image('a/web', '1')], { kind: 'folder', registryId: 'hub', path: 'm' })).toBe(
      'copy to docker.io/m/web:1, mounted: nothing to send',
    );
  });

  test('says why a drop would do nothing', () => {
    expect(textAt([image('a/web', '1')], at('hub'))).toBe('a/web:1 is here already');
  });

  test('spells out hidden characters', () => {
    expect(badgeText([image('a\u202eb', '1')], undefined)).not.toContain('\u202e');
    expect(archiveBadgeText({ kind: 'folder', registryId: 'ghcr', path: 'a\u202eb' }, 'ghcr.io')).not.toContain(
      '\u202e',
    );
  });
});
