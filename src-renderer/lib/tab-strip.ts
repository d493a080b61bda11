import { z } from 'zod';
import { parsePath } from './paths.ts';

/** One open thing. `path` is where in it one was last; `preview` gives way to the next thing looked at. */
export type OpenTab = { readonly id: string; readonly path: string; readonly preview: boolean };

export type TabStrip = {
  readonly tabs: readonly OpenTab[];
  readonly activeId: string | undefined;
  /** Addresses of closed tabs, the last closed last. */
  readonly closed: readonly string[];
};

const CLOSED_KEPT = 20;

export const emptyStrip: TabStrip = { tabs: [], activeId: undefined, closed: [] };

/** The thing an address leads to: every tab and platform of one image is the same thing. */
export function thingOf(path: string): string {
  const place = parsePath(path);
  if (place.kind === 'registry') return `registry ${place.registryId}`;
  if (place.kind === 'repository') return `repository ${place.registryId} ${place.repository}`;
  if (place.kind === 'image') return `image ${place.registryId} ${place.repository} ${place.reference}`;
  return place.kind;
}

/** The window now shows `path`: its tab becomes active, or takes the place of the preview tab, or is added. */
export function visit(strip: TabStrip, path: string): TabStrip {
  const id = thingOf(path);
  const there = strip.tabs.find((tab) => tab.id === id);
  if (there !== undefined) {
    if (there.path === path && strip.activeId === id) return strip;
    return { ...strip, activeId: id, tabs: strip.tabs.map((tab) => (tab.id === id ? { ...tab, path } : tab)) };
  }
  const opened: OpenTab = { id, path, preview: true };
  const hasPreview = strip.tabs.some((tab) => tab.preview);
  const tabs = hasPreview ? strip.tabs.map((tab) => (tab.preview ? opened : tab)) : [...strip.tabs, opened];
  return { ...strip, tabs, activeId: id };
}

/** The tab stays until it is closed. */
export function keep(strip: TabStrip, id: string): TabStrip {
  return { ...strip, tabs: strip.tabs.map((tab) => (tab.id === id ? { ...tab, preview: false } : tab)) };
}

/** Without the tab; when it was active, its right neighbour is, else its left one. */
export function close(strip: TabStrip, id: string): TabStrip {
  const index = strip.tabs.findIndex((tab) => tab.id === id);
  const closing = strip.tabs[index];
  if (closing === undefined) return strip;
  const tabs = strip.tabs.filter((tab) => tab.id !== id);
  const neighbour = tabs[index] ?? tabs[index - 1];
  const activeId = strip.activeId === id ? neighbour?.id : strip.activeId;
  return { tabs, activeId, closed: [...strip.closed, closing.path].slice(-CLOSED_KEPT) };
}

/** The tab closed last is open again, kept, and active. */
export function reopen(strip: TabStrip): TabStrip {
  const path = strip.closed.at(-1);
  if (path === undefined) return strip;
  return keep(visit({ ...strip, closed: strip.closed.slice(0, -1) }, path), thingOf(path));
}

/** The tab `step` places after the active one, round the ends. */
export function neighbourOf(strip: TabStrip, step: number): OpenTab | undefined {
  const count = strip.tabs.length;
  const index = strip.tabs.findIndex((tab) => tab.id === strip.activeId);
  return index === -1 ? strip.tabs[0] : strip.tabs[(((index + step) % count) + count) % count];
}

/** Tabs of a registry that is gone are closed without a trace. */
export function dropRegistry(strip: TabStrip, registryId: string): TabStrip {
  const isGone = (path: string) => {
    const place = parsePath(path);
    return 'registryId' in place && place.registryId === registryId;
  };
  const tabs = strip.tabs.filter((tab) => !isGone(tab.path));
  const activeId = tabs.some((tab) => tab.id === strip.activeId) ? strip.activeId : tabs[0]?.id;
  return { tabs, activeId, closed: strip.closed.filter((path) => !isGone(path)) };
}

const storedSchema = z.object({
  tabs: z.array(z.object({ path: z.string(), preview: z.boolean() })).max(200),
  closed: z.array(z.string()).max(CLOSED_KEPT),
});

/** The strip that was stored before a reload; an empty one when that cannot be used. The address activates a tab. */
export function restoreStrip(stored: unknown): TabStrip {
  const { success, data } = storedSchema.safeParse(stored);
  if (!success) return emptyStrip;
  const known = data.tabs.filter(({ path }) => parsePath(path).kind !== 'unknown');
  const tabs = new Map(known.map(({ path, preview }) => [thingOf(path), { id: thingOf(path), path, preview }]));
  return { tabs: [...tabs.values()], activeId: undefined, closed: data.closed };
}
