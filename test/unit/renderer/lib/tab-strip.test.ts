import { imagePath, registryPath, repositoryPath } from '#renderer/lib/paths.ts';
import {
  close,
  dropRegistry,
  emptyStrip,
  keep,
  neighbourOf,
  reopen,
  restoreStrip,
  thingOf,
  visit,
} from '#renderer/lib/tab-strip.ts';
import { describe, expect, it } from 'vitest';

const registry = registryPath('local');
const repository = repositoryPath({ registryId: 'local', repository: 'team/app' });
const image = imagePath({ registryId: 'local', repository: 'team/app', reference: '1.0' });
const layers = imagePath({ registryId: 'local', repository: 'team/app', reference: '1.0', tab: 'layers' });
const other = registryPath('other');

const keptAt = (...paths: readonly string[]) =>
  paths.reduce((strip, path) => keep(visit(strip, path), thingOf(path)), emptyStrip);

describe('visit', () => {
  it('opens the first thing as a preview', () => {
    expect(visit(emptyStrip, registry).tabs).toEqual([{ id: thingOf(registry), path: registry, preview: true }]);
  });

  it('puts the next thing where the preview was', () => {
    const strip = visit(visit(keptAt(registry), repository), image);
    expect(strip.tabs.map((tab) => tab.path)).toEqual([registry, image]);
    expect(strip.activeId).toBe(thingOf(image));
  });

  it('leaves kept tabs alone', () => {
    expect(visit(keptAt(registry, repository), image).tabs.map((tab) => tab.path)).toEqual([
      registry,
      repository,
      image,
    ]);
  });

  it('takes every tab of an image page for the same thing and remembers the last', () => {
    const strip = visit(keptAt(image), layers);
    expect(strip.tabs).toEqual([{ id: thingOf(image), path: layers, preview: false }]);
  });

  it('returns the very strip when nothing changed', () => {
    const strip = keptAt(registry);
    expect(visit(strip, registry)).toBe(strip);
  });
});

describe('close', () => {
  it('activates the right neighbour, or the left one at the end', () => {
    const strip = visit(keptAt(registry, repository, image), repository);
    expect(close(strip, thingOf(repository)).activeId).toBe(thingOf(image));
    expect(close(keptAt(registry, image), thingOf(image)).activeId).toBe(thingOf(registry));
  });

  it('leaves the active tab active when another is closed', () => {
    expect(close(keptAt(registry, image), thingOf(registry)).activeId).toBe(thingOf(image));
  });

  it('has no active tab after the last', () => {
    expect(close(keptAt(registry), thingOf(registry)).activeId).toBeUndefined();
  });

  it('does nothing for a tab that is not there', () => {
    const strip = keptAt(registry);
    expect(close(strip, 'nothing')).toBe(strip);
  });
});

describe('reopen', () => {
  it('brings tabs back in the reverse order, kept, where they were', () => {
    const closed = close(close(keptAt(registry, layers), thingOf(registry)), thingOf(layers));
    const once = reopen(closed);
    expect(once.tabs).toEqual([{ id: thingOf(layers), path: layers, preview: false }]);
    expect(reopen(once).tabs.map((tab) => tab.path)).toEqual([layers, registry]);
    expect(reopen(reopen(once))).toEqual(reopen(once));
  });

  it('remembers the last twenty', () => {
    const paths = Array.from({ length: 25 }, (_, index) => registryPath(`r${index}`));
    const closed = paths.reduce((strip, path) => close(strip, thingOf(path)), keptAt(...paths));
    expect(closed.closed).toEqual(paths.slice(5));
  });
});

describe('neighbourOf', () => {
  it('goes round both ends', () => {
    const strip = keptAt(registry, repository, image);
    expect(neighbourOf(strip, 1)?.path).toBe(registry);
    expect(neighbourOf(visit(strip, registry), -1)?.path).toBe(image);
    expect(neighbourOf(emptyStrip, 1)).toBeUndefined();
  });
});

describe('dropRegistry', () => {
  it('closes what belongs to a registry that is gone, and forgets it', () => {
    const strip = dropRegistry(close(keptAt(registry, image, other), thingOf(registry)), 'local');
    expect(strip).toEqual({
      tabs: [{ id: thingOf(other), path: other, preview: false }],
      activeId: thingOf(other),
      closed: [],
    });
  });
});

describe('restoreStrip', () => {
  it('gives the tabs back in their order, none of them active', () => {
    const before = close(visit(keptAt(registry, repository, image), other), thingOf(registry));
    const { tabs, closed } = before;
    expect(restoreStrip(JSON.parse(JSON.stringify({ tabs, closed })))).toEqual({ tabs, closed, activeId: undefined });
  });

  it('leaves out what leads nowhere and what is there twice', () => {
    const tab = (path: string) => ({ id: 'x', path, preview: false });
    const { tabs } = restoreStrip({ tabs: [tab('/nowhere'), tab(image), tab(layers)], closed: [] });
    expect(tabs).toEqual([{ id: thingOf(image), path: layers, preview: false }]);
  });

  it('is empty for anything else', () => {
    for (const stored of [undefined, null, 'x', {}, { tabs: [1], closed: [] }, { tabs: [], closed: [{}] }]) {
      expect(restoreStrip(stored)).toBe(emptyStrip);
    }
  });
});
