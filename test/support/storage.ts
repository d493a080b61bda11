import { onTestFinished } from 'vitest';
import { openStorage, type Storage } from '#main/core/storage/open-storage.ts';
import type { RegistryRowInput } from '#main/core/storage/registry-rows.ts';
import { createSystemClock } from '#main/core/system/system-clock.ts';
import { recordingLogger } from './recording-logger.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Real storage in `dataDir` (a new folder when absent), closed when the running test ends. */
export function openTestStorage(dataDir: string = temporaryFolder(), logger = recordingLogger()): Storage {
  const storage = openStorage({ dataDir, logger, clock: createSystemClock() });
  onTestFinished(() => storage.close());
  return storage;
}

/** A registry row with nothing special about it. */
export function aRegistryRow(changes: Partial<RegistryRowInput> = {}): RegistryRowInput {
  return {
    id: 'a1b2c3',
    host: 'registry.example.com',
    label: undefined,
    plainHttp: false,
    skipVerification: false,
    authKind: 'anonymous',
    username: undefined,
    account: undefined,
    ...changes,
  };
}
