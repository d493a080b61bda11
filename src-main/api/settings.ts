import { type Settings, settingsSchema } from '#shared/api/settings.ts';
import type { SettingRows } from '../core/storage/setting-rows.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';

/** What holds until a person chooses. */
export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  tagOrder: 'natural',
  cacheLimitMib: 1024,
  layerCacheLimitMib: 4096,
  transferLimitKibPerSecond: 0,
  transferLanes: 0,
};

/** `settings.*` */
export function settingsHandlers(os: Implementer, { cache, changes, layers, storage, transfers }: Services) {
  return {
    get: os.settings.get.handler(() => readSettings(storage.settings)),

    set: os.settings.set.handler(async ({ input }) => {
      const named = Object.entries(input).filter(([, value]) => value !== undefined);
      if (named.length > 0) {
        storage.settings.write(Object.fromEntries(named));
        const settings = readSettings(storage.settings);
        if (input.cacheLimitMib !== undefined) cache.setLimit(cacheLimitBytes(settings));
        if (input.layerCacheLimitMib !== undefined) await layers.setLimit(layerCacheLimitBytes(settings));
        transfers.setLimits(transferLimits(settings));
        changes.publish({ area: 'settings' });
      }
      return readSettings(storage.settings);
    }),
  };
}

/** How much `cache.db` may hold. */
export function cacheLimitBytes({ cacheLimitMib }: Settings): number {
  return cacheLimitMib * 1024 * 1024;
}

/** How much may be kept of layers. */
export function layerCacheLimitBytes({ layerCacheLimitMib }: Settings): number {
  return layerCacheLimitMib * 1024 * 1024;
}

/** How fast transfers may be. */
export function transferLimits({ transferLimitKibPerSecond, transferLanes }: Settings) {
  return { bytesPerSecond: transferLimitKibPerSecond * 1024, lanes: transferLanes };
}

/** What was chosen; the default where a stored value is not one any more. */
export function readSettings(rows: SettingRows): Settings {
  const { theme, tagOrder, cacheLimitMib, layerCacheLimitMib } = settingsSchema.shape;
  const { transferLimitKibPerSecond, transferLanes } = settingsSchema.shape;
  return {
    theme: rows.read('theme', theme, DEFAULT_SETTINGS.theme),
    tagOrder: rows.read('tagOrder', tagOrder, DEFAULT_SETTINGS.tagOrder),
    cacheLimitMib: rows.read('cacheLimitMib', cacheLimitMib, DEFAULT_SETTINGS.cacheLimitMib),
    layerCacheLimitMib: rows.read('layerCacheLimitMib', layerCacheLimitMib, DEFAULT_SETTINGS.layerCacheLimitMib),
    transferLimitKibPerSecond: rows.read(
      'transferLimitKibPerSecond',
      transferLimitKibPerSecond,
      DEFAULT_SETTINGS.transferLimitKibPerSecond,
    ),
    transferLanes: rows.read('transferLanes', transferLanes, DEFAULT_SETTINGS.transferLanes),
  };
}
