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
 * since it may wait in the queue behind a whole table.
 */
export function withSharedReads(client: RegistryClient): RegistryClient {
  const pages = createSingleFlight<NamePage>();
  const heads = createSingleFlight<ManifestHead>();
  const manifests = createSingleFlight<FetchedManifest>();
  const referrers = createSingleFlight<ReferrerPage>();
  return {
    ...client,
    listRepositories: (call) =>
      share(pages, ['catalog', call.cursor], call, (shared) => client.listRepositories(shared)),
    listTags: (call) => share(pages, ['tags', call.repository, call.cursor], call, (shared) => client.listTags(shared)),
    headManifest: (call) =>
      share(heads, [call.repository, call.reference], call, (shared) => client.headManifest(shared)),
    getManifest: (call) =>
      share(manifests, [call.repository, call.reference], call, (shared) => client.getManifest(shared)),
    listReferrers: (call) =>
      share(referrers, [call.repository, call.digest, call.artifactType, call.cursor], call, (shared) =>
        client.listReferrers(shared),
      ),
  };
}

async function share<T, C extends Call>(
  flights: SingleFlight<T>,
  question: readonly (string | undefined)[],
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
