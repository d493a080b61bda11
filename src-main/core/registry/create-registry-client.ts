import type { Clock, Logger } from '../ports.ts';
import { createAuthSession } from './auth/session.ts';
import type { Priority, RegistryClient, RegistryConnection } from './registry-client.ts';
import { createReferrerAdder, type ReferrerAdder } from './remote/add-referrer.ts';
import { openBlobAt } from './remote/blob-at.ts';
import { headBlob } from './remote/blob-head.ts';
import { getBlob, openBlob } from './remote/blobs.ts';
import { listRepositories } from './remote/catalog.ts';
import type { RemoteContext } from './remote/context.ts';
import { createEndpointFinder } from './remote/find-endpoint.ts';
import { getManifest, headManifest } from './remote/manifests.ts';
import { ping } from './remote/ping.ts';
import { createPresence } from './remote/presence.ts';
import { pushManifest } from './remote/push-manifest.ts';
import { createReferrerLister, type ReferrerLister } from './remote/referrers.ts';
import { createRepositoryNames } from './remote/repository-names.ts';
import { listTags } from './remote/tags.ts';
import { createBlobPusher } from './remote/upload/push-blob.ts';
import { withSharedReads } from './shared-reads.ts';
import { createTransport } from './transport/create-transport.ts';
import type { Endpoint, Transport } from './transport/http.ts';
import type { Retrier } from './transport/retry.ts';
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

type Call = {
  readonly signal?: AbortSignal;
  readonly priority?: Priority;
  readonly onRetry?: (text: string) => void;
};

/** What is learnt about a registry: by asking it, at its endpoint. */
type Known = {
  readonly context: RemoteContext;
  readonly listReferrers: ReferrerLister;
  readonly addReferrer: ReferrerAdder;
};

/**
 * A client for one registry as one person. Keep it while the connection stays the same: it remembers by which scheme
 * the registry is reached, how it wants to be asked, and its tokens.
 * @throws {InvalidInputError} by field, when the host is no `host[:port]`, or a certificate, proxy or prefix is none
 */
export function createRegistryClient(connection: RegistryConnection, deps: RegistryClientDeps): RegistryClient {
  const { clock, observe, pageSize = PAGE_SIZE } = deps;
  const transport = deps.transport ?? createTransport(deps);
  const finder = createEndpointFinder(connection, transport, observe);
  const names = createRepositoryNames(connection);
  const pusher = createBlobPusher(connection);
  const learnt = new WeakMap<Endpoint, Known>();

  const know = async (signal: AbortSignal | undefined): Promise<Known> => {
    const endpoint = await finder.find(signal);
    const known = learnt.get(endpoint);
    if (known !== undefined) return known;
    const session = createAuthSession(connection, endpoint, { transport, clock });
    const context = { endpoint, transport, clock, session, pageSize };
    const listReferrers = createReferrerLister(clock);
    const fresh = { context, listReferrers, addReferrer: createReferrerAdder(listReferrers) };
    learnt.set(endpoint, fresh);
    return fresh;
  };
  /** For one operation: all of its requests together are tried again so often, and no longer than so long. */
  const ready = async ({ signal, priority, onRetry }: Call): Promise<RemoteContext & { readonly retrier: Retrier }> => {
    const { context } = await know(signal);
    return { ...context, priority, retrier: transport.createRetrier(priority, onRetry) };
  };
  /** What is read whole is read again when it breaks off. */
  const whole = async <T>(call: Call, read: (context: RemoteContext) => Promise<T>): Promise<T> => {
    const context = await ready(call);
    const { endpoint, retrier } = context;
    return transport.repeatRead(() => read(context), { endpoint, retrier, signal: call.signal });
  };

  return withSharedReads({
    connection,
    presence: createPresence({ transport, host: finder.assumed.url.host, find: (signal) => finder.find(signal) }),
    ping: async (call = {}) => ping(await ready(call), call.signal),
    listRepositories: (call) => whole(call, async (context) => names.below(await listRepositories(context, call))),
    listTags: (call) => whole(call, (context) => listTags(context, names.within(call))),
    headManifest: (call) => whole(call, (context) => headManifest(context, names.within(call))),
    getManifest: (call) => whole(call, (context) => getManifest(context, names.within(call))),
    getBlob: (call) => whole(call, (context) => getBlob(context, names.within(call))),
    openBlob: async (call) => openBlob(await ready(call), names.within(call)),
    openBlobAt: async (call) => openBlobAt(await ready(call), names.within(call)),
    headBlob: (call) => whole(call, (context) => headBlob(context, names.within(call))),
    pushBlob: async (call) => {
      const mountFrom = call.mountFrom?.map((each) => names.within({ repository: each }).repository);
      const within = { ...names.within(call), ...(mountFrom === undefined ? {} : { mountFrom }) };
      return pusher.push(await ready(call), within);
    },
    cancelUpload: async (call) => pusher.cancel(await ready(call), names.within(call)),
    pushManifest: async (call) => pushManifest(await ready(call), names.within(call)),
    addReferrer: async (call) => {
      const { addReferrer } = await know(call.signal);
      return addReferrer(await ready(call), names.within(call));
    },
    listReferrers: async (call) => {
      const { listReferrers } = await know(call.signal);
      return whole(call, (context) => listReferrers(context, names.within(call)));
    },
    close: async () => {
      if (deps.transport === undefined) await transport.close();
    },
  });
}
