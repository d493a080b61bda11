import type { LayerEntry } from '#main/core/layers/layer-entry.ts';
import type { OpenLayer } from '#main/core/layers/open-layer.ts';

/** What a published table tells of entries: neither their places in the tar nor, in all of them, the names of owners. */
export async function toldEntries(layer: OpenLayer): Promise<ReadonlyMap<string, Partial<LayerEntry>>> {
  const told = new Map<string, Partial<LayerEntry>>();
  for await (const entry of layer.entries()) {
    const { order: _order, offset: _offset, userName: _user, groupName: _group, modifiedSeconds, ...rest } = entry;
    // eStargz adds files of its own; one of its tables has whole seconds.
    if (/landmark|stargz\.index\.json/.test(entry.path)) continue;
    told.set(`${entry.type} ${entry.path}`, { ...rest, modifiedSeconds: Math.floor(modifiedSeconds) });
  }
  return told;
}
