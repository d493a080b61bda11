import type { Clock, Logger } from '../ports.ts';
import { createAuthSession } from './auth/session.ts';
import type { RegistryClient, RegistryConnection } from './registry-client.ts';
import { getBlob, openBlob } from './remote/blobs.ts';
import { listRepositories } from './remote/catalog.ts';
import type { RemoteContext } from './remote/context.ts';
import { endpointOf } from './remote/endpoint.ts';
import { getManifest, headManifest } from './remote/manifests.ts';
import { ping } from './remote/ping.ts';
import { createReferrerLister } from './remote/referrers.ts';
import { listTags } from './remote/tags.ts';
import { createTransport } from './transport/create-transport.ts';
import type { Transport } from './transport/http.ts';
import type { TransportEvent } from './transport/transport-event.ts';

export type RegistryClientDeps = {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Shared by all clients of the app, so that a host's queue is one. Absent: the client makes and closes its own. */
  readonly transport?: Transport;
  /** Names a page of a list is asked for; 1,000 when absent, which is also the most ECR takes. */
  readonly pageSize?: number;
  /** Told of everything that happens to the client's requests. Must not throw. */
  readonly observe?: (event: TransportEvent) => void;
};

const PAGE_SIZE = 1000;

/**
 * A client for one registry as one person. Keep it while the connection stays the same: it remembers how the
 * registry wants to be asked, and its tokens.
 * @throws {InvalidInputError} when the host is no `host[:port]`
 */
export function createRegistryClient(connection: RegistryConnection, deps: RegistryClientDeps): RegistryClient {
  const { observe } = deps;
  const endpoint = { ...endpointOf(connection), ...(observe === undefined ? {} : { observe }) };
  const transport = deps.transport ?? createTransport(deps);
  const context: RemoteContext = {
    endpoint,
    transport,
    clock: deps.clock,
    session: createAuthSession(connection, endpoint, { transport, clock: deps.clock }),
    pageSize: deps.pageSize ?? PAGE_SIZE,
  };
  return {
    connection,
    ping: (call = {}) => ping(context, call.signal),
    listRepositories: (call) => listRepositories(context, call),
    listTags: (call) => listTags(context, call),
    headManifest: (call) => headManifest(context, call),
    getManifest: (call) => getManifest(context, call),
    getBlob: (call) => getBlob(context, call),
    openBlob: (call) => openBlob(context, call),
    listReferrers: createReferrerLister(context),
    close: async () => {
      if (deps.transport === undefined) await transport.close();
    },
  };
}
