import { onTestFinished } from 'vitest';
import { openStorage, type Storage } from '#main/core/storage/open-storage.ts';
import { createSystemClock } from '#main/core/system/system-clock.ts';
import { recordingLogger } from './recording-logger.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Real storage in `dataDir` (a new folder when absent), closed when the running test ends. */
export function openTestStorage(dataDir: string = temporaryFolder(), logger = recordingLogger()): Storage {
  const storage = openStorage({ dataDir, logger, clock: createSystemClock() });
  onTestFinished(() => storage.close());
  return storage;
}
