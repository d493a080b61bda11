import { type ClientPool, createClientPool } from '../core/connections/client-pool.ts';
import { createRegistryClient, type RegistryClientDeps } from '../core/registry/create-registry-client.ts';
import type { RegistryConnection } from '../core/registry/registry-client.ts';
import { withForgettingWrites } from '../core/image/kept/forget-changed.ts';
import type { HealthBook } from '../core/registry/registry-health.ts';
import type { Logger } from '../core/ports.ts';
import type { OpenArchives } from '../core/sources/archive.ts';
import type { JobFacts } from '../core/transfer/job-facts.ts';
import type { Cache } from '../core/storage/cache/open-cache.ts';
import { createEndOpener } from '../core/transfer/open-ends.ts';
import { registryKeyOf } from '../core/transfer/registry-end.ts';
import { openTransfers } from '../core/transfer/transfers.ts';
import type { Transfers, TransferView } from '../core/transfer/transfers-types.ts';
import type { ChangeHub } from './change-hub.ts';
import {
  createFileEnds,
  deleteDownload,
  type FileDestination,
  parseFileDestination,
  sweepDownloads,
} from './file-ends.ts';
import { createContentNews } from './content-news.ts';
import { formatError } from './kept-error.ts';

type Options = {
  readonly dataDir: string;
  readonly archives: OpenArchives;
  readonly connect: (registryId: string) => Promise<RegistryConnection>;
  readonly deps: RegistryClientDeps;
  readonly health: HealthBook;
  readonly changes: ChangeHub;
  /** What those who browse have seen. */
  readonly cache: Cache;
};

/** Transfers, and the clients they go by. What an earlier process left goes on from here. @throws {DiskError} */
export function startTransfers(options: Options): { readonly transfers: Transfers; readonly copying: ClientPool } {
  const { dataDir, archives, connect, deps, health, changes, cache } = options;
  const { logger, clock } = deps;
  const copying = createClientPool({
    connect,
    createClient: (connection, id) => {
      const client = createRegistryClient(connection, {
        ...deps,
        observe: (event) => {
          health.note(id, event);
          // Sent again or told to wait: fewer at once are more.
          if (event.kind === 'waiting') transfers.suffered(registryKeyOf(connection));
        },
      });
      return withForgettingWrites(client, cache.everybodys(id));
    },
    logger,
  });
  const tellContent = createContentNews(changes, clock);
  const transfers = openTransfers({
    dataDir,
    logger,
    clock,
    ends: createEndOpener(copying, createFileEnds(archives)),
    describeError: (error) => formatError(error, logger),
    onWritten: ({ destination }) => {
      if (destination.kind === 'registry') tellContent(destination.registryId, destination.repository);
    },
    onFilesFree: (tickets) => {
      for (const ticket of tickets) void tidy(() => archives.giveBackTicket(ticket), logger);
    },
    onRemoved: (facts) => void tidy(() => deleteDownload(destinationOf(facts)), logger),
  });
  void sweepFiles(options, transfers, logger);
  return { transfers, copying };
}

/** Deletes what earlier runs were sent, but for what transfers go on with. Never what another Gantry may be using. */
async function sweepFiles({ archives, dataDir }: Options, transfers: Transfers, logger: Logger): Promise<void> {
  if (transfers.isShared) return;
  await tidy(async () => {
    await archives.keepOnly(transfers.fileSources());
    await sweepDownloads(dataDir, new Set(transfers.list().flatMap(downloadKey)));
  }, logger);
}

/** What cannot be deleted takes up room, and nothing else; the next start tries again. */
async function tidy(work: () => Promise<void>, logger: Logger): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger.log('warn', 'transfers.tidying-failed', { reason: error instanceof Error ? error.message : 'unknown' });
  }
}

function downloadKey({ facts }: TransferView): readonly string[] {
  const destination = destinationOf(facts);
  return destination?.downloadName === undefined ? [] : [destination.key];
}

function destinationOf({ fileDestination: ref }: JobFacts): FileDestination | undefined {
  return ref?.kind === 'file' ? parseFileDestination(ref.id) : undefined;
}
