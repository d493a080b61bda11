import { searchPalette } from '#renderer/lib/palette-search.ts';
import { describe, expect, it } from 'vitest';

const entry = (label: string, group = 'Repositories', hint?: string) => ({
  id: `${group} ${label}`,
  group,
  label,
  hint,
});
const labels = (query: string, ...entries: readonly ReturnType<typeof entry>[]) =>
  searchPalette(entries, query).flatMap(({ items }) => items.map(({ label }) => label));

describe('searchPalette', () => {
  it('shows everything, as it came, for an empty query', () => {
    expect(labels('', entry('b'), entry('a'))).toEqual(['b', 'a']);
  });

  it('puts a match at the start before one at a segment, and that before one inside a word', () => {
    expect(labels('api', entry('rapid'), entry('team/api'), entry('api-gateway'))).toEqual([
      'api-gateway',
      'team/api',
      'rapid',
    ]);
  });

  it('wants every word, in the name or the hint', () => {
    expect(labels('nginx hub', entry('library/nginx', 'Repositories', 'Docker Hub'), entry('nginx'))).toEqual([
      'library/nginx',
    ]);
  });

  it('prefers the shorter of two that match alike', () => {
    expect(labels('app', entry('application'), entry('app'))).toEqual(['app', 'application']);
  });

  it('keeps what belongs together together, the best group first', () => {
    const found = searchPalette([entry('set', 'Repositories'), entry('Settings', 'Commands'), entry('reset')], 'set');
    expect(found.map(({ value, items }) => [value, items.length])).toEqual([
      ['Repositories', 2],
      ['Commands', 1],
    ]);
  });

  it('shows some of every group while nothing is typed', () => {
    const many = Array.from({ length: 100 }, (_, index) => entry(`repository-${index}`));
    const found = searchPalette([...many, entry('Settings', 'Commands')], '');
    expect(found.map(({ value, items }) => [value, items.length])).toEqual([
      ['Repositories', 8],
      ['Commands', 1],
    ]);
  });

  it('shows fifty at most', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => entry(`repository-${index}`));
    expect(labels('repo', ...many)).toHaveLength(50);
  });
});
