import { existsSync, rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backend, createBackend } from '#main/api/create-backend.ts';
import type { BackendOptions } from '#main/api/services.ts';
import { createMemoryStore } from '#main/core/credentials/memory-store.ts';
import { seedSamples } from '#main/core/local-registry/samples/seed-samples.ts';
import { openStore } from '#main/core/local-registry/store/registry-store.ts';
import type { Clock, CredentialStore, Dialogs } from '#main/core/ports.ts';
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
  /** False: the Local registry stays empty, which saves seconds. Default true. */
  readonly samples?: boolean;
  /** That of the system when absent. */
  readonly clock?: Clock;
  /** Those of the system; none when absent. */
  readonly dialogs?: Dialogs;
};

/** A host that can do nothing by itself, a Local registry on any free port, and nothing from the environment. */
export const TEST_OPTIONS: BackendOptions = {
  version: '0.0.0-test',
  capabilities: {
    nativeDialogs: false,
    localPaths: false,
    dragOut: false,
    updates: false,
    confirmsExternalLinks: false,
  },
  localRegistry: { port: 0 },
  validateOutputs: true,
  env: {},
};

/**
 * A real backend: database, credential store in memory, Local registry with its samples on a free port. Its home is
 * empty, so nothing of the developer's own is read. Call `close` when done.
 */
export async function startTestBackend(options: TestBackendOptions = {}): Promise<TestBackend> {
  const {
    dataDir: givenDir,
    credentials = createMemoryStore('test'),
    samples = true,
    clock = createSystemClock(),
    dialogs,
    ...rest
  } = options;
  const dataDir = givenDir ?? (await mkdtemp(join(tmpdir(), 'gantry-backend-')));
  const logger = recordingLogger();
  if (samples) await copySamples(dataDir);
  else await markSeeded(dataDir);
  const ports = {
    credentials,
    logger,
    clock,
    paths: { dataDir, homeDir: dataDir },
    ...(dialogs === undefined ? {} : { dialogs }),
  };
  const backend = await createBackend(ports, { ...TEST_OPTIONS, ...rest });
  await backend.seeded;
  return {
    ...backend,
    dataDir,
    credentials,
    logger,
    close: async () => {
      await backend.close();
      // What a cancelled copy still writes to Local may make a folder anew while it is taken away.
      if (givenDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

let template: Promise<string> | undefined;

/** Building the samples takes seconds, so each test file does it once; every backend gets a copy. */
async function copySamples(dataDir: string): Promise<void> {
  const folder = shelfFolder(dataDir);
  if (existsSync(folder)) return;
  template ??= buildTemplate();
  await cp(await template, folder, { recursive: true });
}

async function buildTemplate(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-samples-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  await seedSamples(await openStore({ dir, clock: createSystemClock(), durable: false }));
  return dir;
}

async function markSeeded(dataDir: string): Promise<void> {
  const dir = shelfFolder(dataDir);
  if (existsSync(dir) || !existsSync(dataDir)) return;
  await (await openStore({ dir, clock: createSystemClock(), durable: false })).markSeeded();
}

const shelfFolder = (dataDir: string): string => join(dataDir, 'local-registry');
