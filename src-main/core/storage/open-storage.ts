import type { Clock, Logger } from '../ports.ts';
import { type ForgottenRows, forgottenRows } from './forgotten-rows.ts';
import { type LeftoverRows, leftoverRows } from './leftover-rows.ts';
import { openDatabase } from './open-database.ts';
import { type PinRows, pinRows } from './pin-rows.ts';
import { type RegistryRows, registryRows } from './registry-rows.ts';
import { type SettingRows, settingRows } from './setting-rows.ts';

/** Everything kept between starts. Calls are synchronous: the database is small and local. */
export type Storage = {
  readonly registries: RegistryRows;
  readonly pins: PinRows;
  readonly settings: SettingRows;
  readonly leftovers: LeftoverRows;
  readonly forgotten: ForgottenRows;
  /** Full path of a damaged database that was found at this start and kept; what is here began empty. */
  readonly movedAside?: string;
  close(): void;
};

/**
 * Opens the database in `dataDir`. Its functions throw what they document; when SQLite itself fails (disk full, file
 * locked) its own error comes through, and `describeSqliteError` puts it in words.
 * @throws {DiskError}
 */
export function openStorage(options: {
  readonly dataDir: string;
  readonly logger: Logger;
  readonly clock: Clock;
}): Storage {
  const { db, movedTo } = openDatabase(options);
  return {
    registries: registryRows(db),
    pins: pinRows(db),
    settings: settingRows(db, options.logger),
    leftovers: leftoverRows(db),
    forgotten: forgottenRows(db),
    ...(movedTo === undefined ? {} : { movedAside: movedTo }),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}
