import { type ClientPool, createClientPool } from '../core/connections/client-pool.ts';
import { createRegistryClient, type RegistryClientDeps } from '../core/registry/create-registry-client.ts';
import type { RegistryConnection } from '../core/registry/registry-client.ts';
import type { HealthBook } from '../core/registry/registry-health.ts';
import type { Logger } from '../core/ports.ts';
import type { OpenArchives } from '../core/sources/archive.ts';
import type { FileEnds } from '../core/transfer/ends.ts';
import { createEndOpener } from '../core/transfer/open-ends.ts';
import { registryKeyOf } from '../core/transfer/registry-end.ts';
import { TransferError } from '../core/transfer/transfer-error.ts';
import { openTransfers } from '../core/transfer/transfers.ts';
import type { Transfers } from '../core/transfer/transfers-types.ts';
import type { ChangeHub } from './change-hub.ts';
import { createContentNews } from './content-news.ts';
import { formatError } from './kept-error.ts';

type Options = {
  readonly dataDir: string;
  readonly archives: OpenArchives;
  readonly connect: (registryId: string) => Promise<RegistryConnection>;
  readonly deps: RegistryClientDeps;
  readonly health: HealthBook;
  readonly changes: ChangeHub;
};

/** Transfers, and the clients they go by. What an earlier process left goes on from here. @throws {DiskError} */
export function startTransfers(options: Options): { readonly transfers: Transfers; readonly copying: ClientPool } {
  const { dataDir, archives, connect, deps, health, changes } = options;
  const { logger, clock } = deps;
  const copying = createClientPool({
    connect,
    createClient: (connection, id) =>
      createRegistryClient(connection, {
        ...deps,
        observe: (event) => {
          health.note(id, event);
          // Sent again or told to wait: fewer at once are more.
          if (event.kind === 'waiting') transfers.suffered(registryKeyOf(connection));
        },
      }),
    logger,
  });
  const tellContent = createContentNews(changes, clock);
  const transfers = openTransfers({
    dataDir,
    logger,
    clock,
    ends: createEndOpener(copying, NO_FILES),
    describeError: (error) => formatError(error, logger),
    onWritten: ({ destination }) => {
      if (destination.kind === 'registry') tellContent(destination.registryId, destination.repository);
    },
  });
  void sweepArchives(archives, transfers, logger);
  return { transfers, copying };
}

/** Deletes what earlier runs were sent, but for what transfers go on with. Never what another Gantry may be using. */
async function sweepArchives(archives: OpenArchives, transfers: Transfers, logger: Logger): Promise<void> {
  if (transfers.isShared) return;
  try {
    await archives.keepOnly(transfers.fileSources());
  } catch (error) {
    // It takes up room, and nothing else; the next start tries again.
    logger.log('warn', 'archives.sweep-failed', { reason: error instanceof Error ? error.message : 'unknown' });
  }
}

const NO_FILES: FileEnds = {
  openSource: (id) => Promise.reject(new TransferError('source-gone', id)),
  openDestination: (id) => Promise.reject(new TransferError('destination-gone', id)),
};
