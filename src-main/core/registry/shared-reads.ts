import { createSingleFlight, type SingleFlight } from '../single-flight.ts';
import { joinableKey } from './join-flight.ts';
import type {
  FetchedManifest,
  ManifestHead,
  NamePage,
  Priority,
  ReferrerPage,
  RegistryClient,
} from './registry-client.ts';
import { toCancelled } from './transport/node-failure.ts';

type Call = { readonly signal?: AbortSignal; readonly priority?: Priority };

/**
 * The same client, in which equal questions under way at once are asked once: pages of lists, HEAD and GET of a
 * manifest, referrers. A caller that aborts fails alone. Nobody joins a question of lower priority than their own,
 * since it may wait in the queue behind a whole table; nor one from before a write that is through: its answer may be
 * from before it, too.
 */
export function withSharedReads(client: RegistryClient): RegistryClient {
  const pages = createSingleFlight<NamePage>();
  const heads = createSingleFlight<ManifestHead>();
  const manifests = createSingleFlight<FetchedManifest>();
  const referrers = createSingleFlight<ReferrerPage>();
  let writes = 0;
  const noting = async <T>(write: Promise<T>): Promise<T> => {
    try {
      return await write;
    } finally {
      // A failed one may have been carried out all the same.
      writes += 1;
    }
  };
  return {
    ...client,
    pushManifest: (call) => noting(client.pushManifest(call)),
    addReferrer: (call) => noting(client.addReferrer(call)),
    listRepositories: (call) =>
      share(pages, [writes, 'catalog', call.cursor], call, (shared) => client.listRepositories(shared)),
    listTags: (call) =>
      share(pages, [writes, 'tags', call.repository, call.cursor], call, (shared) => client.listTags(shared)),
    headManifest: (call) =>
      share(heads, [writes, call.repository, call.reference], call, (shared) => client.headManifest(shared)),
    getManifest: (call) =>
      share(manifests, [writes, call.repository, call.reference], call, (shared) => client.getManifest(shared)),
    listReferrers: (call) =>
      share(referrers, [writes, call.repository, call.digest, call.artifactType, call.cursor], call, (shared) =>
        client.listReferrers(shared),
      ),
  };
}

async function share<T, C extends Call>(
  flights: SingleFlight<T>,
  question: readonly (string | number | undefined)[],
  call: C,
  work: (shared: C) => Promise<T>,
): Promise<T> {
  const { signal, priority } = call;
  const key = joinableKey(flights, JSON.stringify(question), priority);
  try {
    return await flights.run(key, (shared) => work({ ...call, signal: shared }), signal);
  } catch (error) {
    throw signal?.aborted === true ? toCancelled(error) : error;
  }
}
