import { randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import { DiskError } from '../gantry-error.ts';
import type { Clock, Logger } from '../ports.ts';
import { createRegistryServer } from './http/server.ts';
import { hasErrorCode, readSmall } from '../files.ts';
import { openStore, type RegistryStore } from './store/registry-store.ts';

export type LocalRegistryOptions = {
  /** Its folder, made when missing. */
  readonly dir: string;
  /** 0: any free port, not remembered. Absent: the port of last time, so that pull commands stay valid. */
  readonly port?: number;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'now'>;
  /** Manifests or tags of this repository were written or deleted; at most once per repository in 50 ms. */
  readonly onChange?: (repository: string) => void;
};

export type LocalRegistry = {
  /** `127.0.0.1:PORT`, plain http. */
  readonly address: string;
  readonly store: RegistryStore;
  /** Stops listening, lets requests under way end for two seconds, then cuts them. Safe to call twice. */
  close(): Promise<void>;
};

const CLOSE_GRACE_MS = 2_000;
const CHANGE_DELAY_MS = 50;
const COLLECT_EVERY_MS = 60 * 60 * 1000;
// Outside the ranges systems take outgoing ports from, so that nobody else holds ours at the next start.
const FIRST_PORT = 20_000;
const LAST_PORT = 30_000;
const TRIES = 20;

/**
 * Opens the store and serves it on 127.0.0.1.
 * @throws {DiskError} when the folder cannot be used, or no port can be had
 */
export async function startLocalRegistry(options: LocalRegistryOptions): Promise<LocalRegistry> {
  const { dir, clock, logger, onChange } = options;
  try {
    const changes = gather(onChange ?? (() => undefined));
    const store = await openStore({ dir, clock, onChange: changes.add });
    const server = createRegistryServer(store, logger);
    const port = await listenSomewhere(server, await candidatePorts(store, options.port));
    if (options.port === undefined) await store.rememberPort(port);
    logger.log('info', 'local-registry.started', { port });
    const collection = collectRegularly(store, logger);
    const closeServer = createClose(server);
    const close = async () => {
      changes.stop();
      await Promise.all([closeServer(), collection.stop()]);
    };
    return { address: `127.0.0.1:${port}`, store, close };
  } catch (error) {
    throw new DiskError(`the local registry cannot start: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Many writes in a row (a push, the samples) make one report. None comes after `stop`. */
function gather(report: (repository: string) => void) {
  const waiting = new Map<string, NodeJS.Timeout>();
  let isStopped = false;
  return {
    add(this: void, repository: string) {
      if (isStopped || waiting.has(repository)) return;
      const timer = setTimeout(() => {
        waiting.delete(repository);
        report(repository);
      }, CHANGE_DELAY_MS);
      waiting.set(repository, timer.unref());
    },
    stop(this: void) {
      isStopped = true;
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}

/** Gives up stale uploads and frees what deleted images took: now, and each hour. `stop` waits for one under way. */
function collectRegularly(store: RegistryStore, logger: Logger) {
  const collect = async () => {
    try {
      const expiredUploads = await store.expireUploads();
      if (expiredUploads > 0) logger.log('info', 'local-registry.expired', { expiredUploads });
      const { removedBlobs, freedBytes } = await store.collectGarbage();
      if (removedBlobs > 0) logger.log('info', 'local-registry.collected', { removedBlobs, freedBytes });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.log('warn', 'local-registry.collect-failed', { reason });
    }
  };
  let current = collect();
  const timer = setInterval(() => {
    current = collect();
  }, COLLECT_EVERY_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      await current;
    },
  };
}

async function candidatePorts({ layout }: RegistryStore, wanted: number | undefined): Promise<readonly number[]> {
  if (wanted !== undefined) return [wanted];
  const remembered = Number((await readSmall(layout.portFile, 16))?.toString('utf8') ?? '');
  const isUsable = Number.isInteger(remembered) && remembered >= 1024 && remembered <= 65_535;
  const random = Array.from({ length: TRIES }, () => randomInt(FIRST_PORT, LAST_PORT));
  return [...(isUsable ? [remembered] : []), ...random, 0];
}

async function listenSomewhere(server: Server, ports: readonly number[]): Promise<number> {
  let failure: unknown;
  for (const port of ports) {
    try {
      return await listen(server, port);
    } catch (error) {
      if (!hasErrorCode(error, 'EADDRINUSE', 'EACCES')) throw error;
      failure = error;
    }
  }
  throw failure;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => reject(error);
    server.once('error', onError);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function createClose(server: Server): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= new Promise((resolve) => {
      const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      server.closeIdleConnections();
    });
    return closing;
  };
}
