import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backend, createBackend } from '#main/api/create-backend.ts';
import type { BackendOptions } from '#main/api/services.ts';
import { createMemoryStore } from '#main/core/credentials/memory-store.ts';
import type { CredentialStore } from '#main/core/ports.ts';
import { createSystemClock } from '#main/core/system/system-clock.ts';
import { recordingLogger } from './recording-logger.ts';

export type TestBackend = Backend & {
  readonly dataDir: string;
  readonly credentials: CredentialStore;
  readonly logger: ReturnType<typeof recordingLogger>;
};

export type TestBackendOptions = Partial<BackendOptions> & {
  /** Kept when given; else a new one, removed by `close`. */
  readonly dataDir?: string;
  readonly credentials?: CredentialStore;
};

/**
 * A real backend: database, credential store in memory, Local registry with its samples on a free port. Its home is
 * empty, so nothing of the developer's own is read. Call `close` when done.
 */
export async function startTestBackend(options: TestBackendOptions = {}): Promise<TestBackend> {
  const { dataDir: givenDir, credentials = createMemoryStore('test'), ...rest } = options;
  const dataDir = givenDir ?? (await mkdtemp(join(tmpdir(), 'gantry-backend-')));
  const logger = recordingLogger();
  const backend = await createBackend(
    { credentials, logger, clock: createSystemClock(), paths: { dataDir, homeDir: dataDir } },
    {
      version: '0.0.0-test',
      capabilities: { nativeDialogs: false, dragOut: false, updates: false, confirmsExternalLinks: false },
      localRegistry: { port: 0 },
      validateOutputs: true,
      env: {},
      ...rest,
    },
  );
  await backend.seeded;
  return {
    ...backend,
    dataDir,
    credentials,
    logger,
    close: async () => {
      await backend.close();
      if (givenDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
