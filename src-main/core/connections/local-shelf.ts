import { join } from 'node:path';
import { DiskError } from '../gantry-error.ts';
import { seedSamples } from '../local-registry/samples/seed-samples.ts';
import { type LocalRegistry, startLocalRegistry } from '../local-registry/start-local-registry.ts';
import type { Clock, Logger } from '../ports.ts';
import type { RegistryConnection } from '../registry/registry-client.ts';
import { RegistryError } from '../registry/transport/registry-error.ts';

export type LocalShelfState =
  | { readonly state: 'running'; readonly address: string }
  | { readonly state: 'failed'; readonly reason: string };

/** The embedded registry as one of the list. */
export type LocalShelf = {
  readonly state: LocalShelfState;
  /** Canonical hosts under which it is reached; none when it does not run. */
  readonly hosts: readonly string[];
  /** @throws {RegistryError} kind `network` with the reason, when it does not run */
  connection(): RegistryConnection;
  /** Resolves when the samples of a new data folder are there; they come while the app is used already. `close` stops them. Never rejects. */
  readonly seeded: Promise<void>;
  close(): Promise<void>;
};

type Options = {
  readonly dataDir: string;
  readonly port?: number | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A repository was pushed to, or something in it deleted. */
  readonly onChange: (repository: string) => void;
};

/** Starts the embedded registry. Never throws: the app works without it and says why. */
export async function openLocalShelf(options: Options): Promise<LocalShelf> {
  const { dataDir, port, logger, clock, onChange } = options;
  try {
    const registry = await startLocalRegistry({
      dir: join(dataDir, 'local-registry'),
      logger,
      clock,
      onChange,
      ...(port === undefined ? {} : { port }),
    });
    return runningShelf(registry, logger);
  } catch (error) {
    const reason = error instanceof DiskError ? error.reason : 'the local registry cannot start';
    logger.log('error', 'local-registry.failed', { reason, detail: describeForLog(error) });
    return failedShelf(reason);
  }
}

/** Samples are a help, not a need: a full disk here must not cost the person the registry. Tried again next time. */
async function seed({ store }: LocalRegistry, logger: Logger, signal: AbortSignal): Promise<void> {
  try {
    await seedSamples(store, signal);
  } catch (error) {
    if (signal.aborted) return;
    logger.log('warn', 'local-registry.no-samples', { detail: describeForLog(error) });
  }
}

function runningShelf(registry: LocalRegistry, logger: Logger): LocalShelf {
  const stop = new AbortController();
  const seeded = seed(registry, logger, stop.signal);
  const { address } = registry;
  const port = address.slice(address.lastIndexOf(':'));
  return {
    state: { state: 'running', address },
    hosts: [address, `localhost${port}`],
    connection: () => ({ host: address, plainHttp: true, skipVerification: false }),
    seeded,
    close: async () => {
      stop.abort();
      await seeded;
      await registry.close();
    },
  };
}

function failedShelf(reason: string): LocalShelf {
  return {
    state: { state: 'failed', reason },
    hosts: [],
    connection: () => {
      throw new RegistryError({ kind: 'network', reason: 'other', host: 'Local', detail: reason });
    },
    seeded: Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function describeForLog(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
}
