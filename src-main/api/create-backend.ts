import { join } from 'node:path';
import { type ConfigCredentials, createConfigCredentials } from '../core/config-credentials/config-credentials.ts';
import { type ClientPool, createClientPool } from '../core/connections/client-pool.ts';
import { type ConnectionBook, createConnectionBook, LOCAL_ID } from '../core/connections/connection-book.ts';
import { createLiveSecrets, type LiveSecrets } from '../core/connections/live-secrets.ts';
import { type LocalShelf, openLocalShelf } from '../core/connections/local-shelf.ts';
import { createLayerStore, type LayerStore } from '../core/layers/create-layer-store.ts';
import type { Ports } from '../core/ports.ts';
import { raceAbort } from '../core/race-abort.ts';
import { createRegistryClient, type RegistryClientDeps } from '../core/registry/create-registry-client.ts';
import { createConnectionTest, type TestConnection } from '../core/registry/connection-test/test-connection.ts';
import type { RegistryConnection } from '../core/registry/registry-client.ts';
import { createHealthBook, type HealthBook } from '../core/registry/registry-health.ts';
import { createTransport } from '../core/registry/transport/create-transport.ts';
import type { Transport } from '../core/registry/transport/http.ts';
import { type Cache, openCache } from '../core/storage/cache/open-cache.ts';
import { openStorage, type Storage } from '../core/storage/open-storage.ts';
import { accountsHandlers } from './accounts.ts';
import { archivesHandlers } from './archives.ts';
import { openArchiveServices } from './archive-services.ts';
import { changesHandlers } from './changes.ts';
import { type ChangeHub, createChangeHub } from './change-hub.ts';
import { compareHandlers } from './compare.ts';
import { diagnosticsHandlers } from './diagnostics.ts';
import { documentsHandlers } from './documents.ts';
import { implementContract } from './error-boundary.ts';
import { filesHandlers } from './files.ts';
import { healthHandlers } from './health.ts';
import { hostHandlers } from './host.ts';
import { imagesHandlers } from './images.ts';
import { openInside } from './inside-services.ts';
import { layersHandlers } from './layers.ts';
import { manifestsHandlers } from './manifests.ts';
import { packagesHandlers } from './packages.ts';
import { createPageFiles } from './page-files.ts';
import { referrersHandlers } from './referrers.ts';
import { registriesHandlers } from './registries.ts';
import { rememberingClient } from './remembering-client.ts';
import { repositoriesHandlers } from './repositories.ts';
import type { BackendOptions, Services } from './services.ts';
import { cacheLimitBytes, layerCacheLimitBytes, readSettings, settingsHandlers, transferLimits } from './settings.ts';
import { startTransfers } from './start-transfers.ts';
import { tagsHandlers } from './tags.ts';
import { forgettingAll } from './transfer-clients.ts';
import { transfersHandlers } from './transfers.ts';

const SETTLE_MS = 2000;

export type { PageFiles } from './page-files.ts';

/** The engine, ready to be carried by a host. */
export type Backend = Awaited<ReturnType<typeof createBackend>>;

/** What a host gives to oRPC's handler of its transport. */
export type BackendRouter = Backend['router'];

/**
 * THE SEAM. Opens storage, starts the Local registry and makes the router that answers the whole contract. A Local
 * registry that cannot start is told by `host.info` and does not stop the rest. `close` ends every stream, client and
 * server and may be called twice.
 * @throws {DiskError} when the database cannot be opened
 */
export async function createBackend(given: Ports, options: BackendOptions) {
  const secrets = createLiveSecrets();
  const logger = secrets.scrub(given.logger);
  const ports: Ports = { ...given, logger, credentials: secrets.watch(given.credentials) };
  const storage = openStorage({ dataDir: ports.paths.dataDir, logger, clock: ports.clock });
  const { cache, layers } = openKept(ports, storage);
  const changes = createChangeHub();
  const localShelf = await openShelf(ports, options, changes);
  const config = openConfig(ports, options, (secret) => secrets.note(secret));
  const book = openBook(ports, storage, config, localShelf);
  // One for all: the limit of requests to a host holds whoever asks.
  const deps = { logger, clock: ports.clock, transport: openTransport(ports, options, secrets) };
  const health = openHealth(ports, changes);
  const connect = async (id: string) => (id === LOCAL_ID ? localShelf.connection() : book.connectionOf(id));
  const browsing = openBrowsing(connect, { deps, health, cache });
  const files = openArchiveServices(ports);
  const { transfers, copying } = startTransfers({
    dataDir: ports.paths.dataDir,
    archives: files.archives,
    connect,
    deps,
    health,
    changes,
    cache,
  });
  transfers.setLimits(transferLimits(readSettings(storage.settings)));
  const inside = openInside(ports, layers, browsing);
  const clients = forgettingAll({ browsing, copying, ...inside });
  const testConnection = notingSecrets(createConnectionTest(deps), secrets);
  const services: Services = {
    ports,
    options,
    storage,
    book,
    cache,
    config,
    clients,
    layers,
    ...inside,
    copyingClients: copying,
    transfers,
    ...files,
    localShelf,
    testConnection,
    changes,
    health,
    requestLog: deps.transport.log,
  };
  const closing = new AbortController();
  void book.deleteLeftovers(closing.signal);
  return {
    router: createRouter(services),
    /** Streams of bytes, which a host carries beside the contract. */
    files: createPageFiles({ ...files, logger }),
    /** Resolves when a new data folder has its sample images: for tests, which cannot look twice. */
    seeded: localShelf.seeded,
    /** How many `changes.watch` streams are open: for tests and diagnosis. */
    watcherCount: () => changes.watcherCount(),
    close: once(async () => {
      closing.abort();
      await closeAll(services, deps.transport);
    }),
  };
}

/** Who asks first, then whom they ask, then what both have written. */
async function closeAll(services: Services, transport: Transport): Promise<void> {
  const {
    changes,
    layers,
    openImages,
    savedDownloads,
    transfers,
    archives,
    clients,
    book,
    localShelf,
    cache,
    storage,
  } = services;
  changes.close();
  openImages.clear();
  await layers.close();
  await savedDownloads.clear();
  await transfers.close();
  await archives.closeAll();
  await clients.close();
  await settle(book);
  await transport.close();
  await localShelf.close();
  cache.close();
  storage.close();
}

/** How each registry answers, told to whoever watches. */
function openHealth({ clock }: Ports, changes: ChangeHub): HealthBook {
  return createHealthBook({ clock, onChange: (registryId) => changes.publish({ area: 'health', registryId }) });
}

/** What was seen of the registries that are still in the list, and of layers. */
function openKept(ports: Ports, storage: Storage): { readonly cache: Cache; readonly layers: LayerStore } {
  const { paths, logger, clock } = ports;
  const settings = readSettings(storage.settings);
  const { forgotten, registries } = storage;
  // Before the cache begins to strike them off.
  const unfinished = new Set(forgotten.list());
  const known = new Set(registries.list().map(({ id }) => id));
  const cache = openCache({ dataDir: paths.dataDir, limitBytes: cacheLimitBytes(settings), forgotten, logger, clock });
  cache.forgetOthers([...known]);
  const folder = join(paths.dataDir, 'layers');
  const layers = createLayerStore({ folder, limitBytes: layerCacheLimitBytes(settings), logger, clock });
  if (unfinished.size > 0) void layers.forget((id) => unfinished.has(id) || !known.has(id));
  return { cache, layers };
}

type Connect = (registryId: string) => Promise<RegistryConnection>;
type ClientParts = { readonly deps: RegistryClientDeps; readonly health: HealthBook; readonly cache: Cache };

/** The clients of those who look: what was seen is remembered. */
function openBrowsing(connect: Connect, { deps, health, cache }: ClientParts): ClientPool {
  return createClientPool({
    connect,
    createClient: (connection, id) => {
      const observe = health.observer(id);
      const create = (reach: RegistryConnection) => createRegistryClient(reach, { ...deps, observe });
      return rememberingClient(id, connection, { cache, clock: deps.clock, create });
    },
    logger: deps.logger,
  });
}

/** Typed by the contract: a procedure without a handler does not compile. */
function createRouter(services: Services) {
  const { options, ports } = services;
  const os = implementContract({ logger: ports.logger, validateOutputs: options.validateOutputs === true });
  return os.router({
    host: hostHandlers(os, services),
    registries: registriesHandlers(os, services),
    accounts: accountsHandlers(os, services),
    repositories: repositoriesHandlers(os, services),
    tags: tagsHandlers(os, services),
    manifests: manifestsHandlers(os, services),
    images: imagesHandlers(os, services),
    referrers: referrersHandlers(os, services),
    files: filesHandlers(os, services),
    layers: layersHandlers(os, services),
    packages: packagesHandlers(os, services),
    compare: compareHandlers(os, services),
    documents: documentsHandlers(os, services),
    transfers: transfersHandlers(os, services),
    archives: archivesHandlers(os, services),
    settings: settingsHandlers(os, services),
    changes: changesHandlers(os, services),
    health: healthHandlers(os, services),
    diagnostics: diagnosticsHandlers(os, services),
  });
}

/** A token server may have spent the old token by giving a new one, so that one is worth a moment; no more than that. */
async function settle(book: ConnectionBook): Promise<void> {
  try {
    await raceAbort(book.settled(), AbortSignal.timeout(SETTLE_MS));
  } catch {
    // The keychain does not answer. It has no more to say to a process that ends.
  }
}

function openBook(
  { credentials, clock, logger }: Ports,
  storage: Storage,
  config: ConfigCredentials,
  localShelf: LocalShelf,
): ConnectionBook {
  return createConnectionBook({
    rows: storage.registries,
    leftovers: storage.leftovers,
    credentials,
    clock,
    logger,
    sourceOf: (host) => config.sourceOf(host),
    reservedHosts: () => localShelf.hosts,
  });
}

/** What is typed for a trial is in no store, and is to be masked all the same. */
function notingSecrets(test: TestConnection, secrets: LiveSecrets): TestConnection {
  return (connection, signal) => {
    if (connection.credential !== undefined) secrets.note(connection.credential.secret);
    const { keyPem, passphrase } = connection.tls?.client ?? {};
    for (const secret of [keyPem, passphrase]) if (secret !== undefined) secrets.note(secret);
    return test(connection, signal);
  };
}

function openConfig(
  { paths, logger }: Ports,
  { env }: BackendOptions,
  onSecret: (secret: string) => void,
): ConfigCredentials {
  // Podman's file below /run belongs to the person who runs us, whatever a given environment says.
  const uid = env === undefined && process.platform === 'linux' ? process.getuid?.() : undefined;
  return createConfigCredentials({ homeDir: paths.homeDir, env: env ?? process.env, uid, logger, onSecret });
}

function openTransport(
  { logger, clock }: Ports,
  { env = process.env }: BackendOptions,
  secrets: LiveSecrets,
): Transport {
  const transport = createTransport({ logger, clock, proxyVariables: env });
  for (const secret of transport.proxySecrets) secrets.note(secret);
  return transport;
}

function openShelf({ paths, logger, clock }: Ports, options: BackendOptions, changes: ChangeHub): Promise<LocalShelf> {
  return openLocalShelf({
    dataDir: paths.dataDir,
    port: options.localRegistry?.port,
    logger,
    clock,
    onChange: (repository) => changes.publish({ area: 'content', registryId: LOCAL_ID, repository }),
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
