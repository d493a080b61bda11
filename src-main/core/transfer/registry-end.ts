import type { Priority, RegistryClient } from '../registry/registry-client.ts';
import { isRegistryError, type RegistryError } from '../registry/transport/registry-error.ts';
import type { EndName, RegistryPlace } from './ends.ts';

/** Transfers have places of their own in the queues to a host. */
export const TRANSFER: { readonly priority: Priority } = { priority: 'transfer' };

/** One repository as an end, and the client of its registry. */
export type RegistryEndOptions = {
  readonly repository: string;
  /** The client of now, which remembers nothing: after a sign-in it is another one. */
  readonly client: () => Promise<RegistryClient>;
};

/** What both ends of a registry have: a name for people, and what mounts are judged by. */
export async function describeEnd({
  repository,
  client,
}: RegistryEndOptions): Promise<EndName & { readonly kind: 'registry'; readonly place: RegistryPlace }> {
  const { host, apiPrefix = '', repositoryPrefix = '' } = (await client()).connection;
  return {
    kind: 'registry',
    name: `${host}/${repository}`,
    // Below another prefix a repository is not found by its name.
    place: { registryKey: registryKeyOf({ host, apiPrefix, repositoryPrefix }), repository },
  };
}

/** Equal for connections that reach the same repositories by the same names, whoever signs in. */
export function registryKeyOf(
  connection: Pick<RegistryClient['connection'], 'host' | 'apiPrefix' | 'repositoryPrefix'>,
): string {
  const { host, apiPrefix = '', repositoryPrefix = '' } = connection;
  return [host, apiPrefix, repositoryPrefix].join(' ').trimEnd();
}

/** A call to a registry's client that notes how often it tries again. */
export function retriesTo({ onNote }: { readonly onNote?: ((text: string) => void) | undefined }): {
  readonly onRetry?: (text: string) => void;
} {
  return onNote === undefined ? {} : { onRetry: onNote };
}

/** All tags of the repository, where one page holds them; undefined when it does not, or the registry does not say. */
export async function readTags(
  { repository, client }: RegistryEndOptions,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const page = await (await client()).listTags({ repository, signal, ...TRANSFER });
    return page.nextCursor === undefined && page.droppedCount === 0 ? new Set(page.names) : undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (isRegistryError(error)) return isUnknownName(error) ? new Set() : undefined;
    throw error;
  }
}

/** A repository that is not there has no tags; 404 alone is also what those say who list none. */
function isUnknownName({ failure }: RegistryError): boolean {
  return failure.kind === 'not-found' && failure.codes.some(({ code }) => code === 'NAME_UNKNOWN');
}
