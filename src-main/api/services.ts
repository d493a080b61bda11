import type { HostInfo } from '#shared/api/host.ts';
import type { ClientPool } from '../core/connections/client-pool.ts';
import type { ConnectionBook } from '../core/connections/connection-book.ts';
import type { LocalShelf } from '../core/connections/local-shelf.ts';
import type { ConfigCredentials } from '../core/config-credentials/config-credentials.ts';
import type { Environment } from '../core/config-credentials/config-places.ts';
import type { DocumentReader } from '../core/documents/read-document.ts';
import type { LayerStore } from '../core/layers/create-layer-store.ts';
import type { SavedDownloads } from '../core/layers/extract/saved-downloads.ts';
import type { OpenImages } from '../core/layers/opened/open-images.ts';
import type { Ports } from '../core/ports.ts';
import type { OpenArchives } from '../core/sources/archive.ts';
import type { ChosenPaths } from '../core/sources/chosen-paths.ts';
import type { Downloads } from '../core/sources/downloads.ts';
import type { TestConnection } from '../core/registry/connection-test/test-connection.ts';
import type { Cache } from '../core/storage/cache/open-cache.ts';
import type { Storage } from '../core/storage/open-storage.ts';
import type { HealthBook } from '../core/registry/registry-health.ts';
import type { Transfers } from '../core/transfer/transfers-types.ts';
import type { RequestLog } from '../core/registry/transport/request-log.ts';
import type { ChangeHub } from './change-hub.ts';

/** What a host says about itself, and what it may choose. */
export type BackendOptions = {
  /** Of the application: `0.1.0`. */
  readonly version: string;
  readonly capabilities: HostInfo['capabilities'];
  /** The embedded registry's port; chosen by the OS when absent. */
  readonly localRegistry?: { readonly port?: number };
  /** Parse every answer by its schema before it leaves: in tests and development. Default false. */
  readonly validateOutputs?: boolean;
  /** Where docker's and podman's own variables are looked up; `process.env` when absent. */
  readonly env?: Environment;
};

/** Everything a handler may use. */
export type Services = {
  readonly ports: Ports;
  readonly options: BackendOptions;
  readonly storage: Storage;
  readonly book: ConnectionBook;
  /** What docker and podman keep on this machine. */
  readonly config: ConfigCredentials;
  readonly clients: ClientPool;
  /** Those that transfers use, which remember nothing. Let go of by `clients.forget`. */
  readonly copyingClients: Pick<ClientPool, 'get'>;
  readonly transfers: Transfers;
  /** What was seen of registries, for when they cannot be reached. */
  readonly cache: Cache;
  /** What is inside layers, and what is kept of them. */
  readonly layers: LayerStore;
  /** Images that are looked into. Let go of by `clients.forget`. */
  readonly openImages: OpenImages;
  /** SBOMs, provenance and signatures. */
  readonly documents: DocumentReader;
  /** Files that were saved for a page, which downloads them. */
  readonly savedDownloads: SavedDownloads;
  readonly archives: OpenArchives;
  readonly downloads: Downloads;
  readonly chosenPaths: ChosenPaths;
  readonly localShelf: LocalShelf;
  readonly testConnection: TestConnection;
  readonly changes: ChangeHub;
  readonly health: HealthBook;
  readonly requestLog: RequestLog;
};
