import { type Settings, settingsSchema } from '#shared/api/settings.ts';
import type { SettingRows } from '../core/storage/setting-rows.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';

/** What holds until a person chooses. */
export const DEFAULT_SETTINGS: Settings = { theme: 'system', tagOrder: 'natural', cacheLimitMib: 1024 };

/** `settings.*` */
export function settingsHandlers(os: Implementer, { cache, changes, storage }: Services) {
  return {
    get: os.settings.get.handler(() => readSettings(storage.settings)),

    set: os.settings.set.handler(({ input }) => {
      const named = Object.entries(input).filter(([, value]) => value !== undefined);
      if (named.length > 0) {
        storage.settings.write(Object.fromEntries(named));
        if (input.cacheLimitMib !== undefined) cache.setLimit(cacheLimitBytes(readSettings(storage.settings)));
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

/** What was chosen; the default where a stored value is not one any more. */
export function readSettings(rows: SettingRows): Settings {
  const { theme, tagOrder, cacheLimitMib } = settingsSchema.shape;
  return {
    theme: rows.read('theme', theme, DEFAULT_SETTINGS.theme),
    tagOrder: rows.read('tagOrder', tagOrder, DEFAULT_SETTINGS.tagOrder),
    cacheLimitMib: rows.read('cacheLimitMib', cacheLimitMib, DEFAULT_SETTINGS.cacheLimitMib),
  };
}
