import type { Logger } from '../ports.ts';
import { raceAbort } from '../race-abort.ts';
import type { RegistryClient, RegistryConnection } from '../registry/registry-client.ts';

export type ClientPool = {
  /**
   * The one live client of a registry, made when first asked for. Rejects as `connect` does, and tries again next time;
   * with the signal's reason when that aborts first, which leaves the others waiting.
   */
  get(registryId: string, signal?: AbortSignal): Promise<RegistryClient>;
  /** The connection has changed or is gone: the next `get` makes a new client, the old one is closed. */
  forget(registryId: string): void;
  /**
   * Closes every client; resolves when all are closed that were made. One that still waits for the keychain is closed when it
   * comes: nobody who quits waits for that.
   */
  close(): Promise<void>;
};

/** One client a registry, so that its limits, tokens and sockets are shared by everyone who asks. */
export function createClientPool(options: {
  readonly connect: (registryId: string) => Promise<RegistryConnection>;
  readonly createClient: (connection: RegistryConnection, registryId: string) => RegistryClient;
  readonly logger: Logger;
}): ClientPool {
  const clients = new Map<string, Promise<RegistryClient>>();
  const made = new Set<string>();

  const make = async (registryId: string): Promise<RegistryClient> => {
    const client = options.createClient(await options.connect(registryId), registryId);
    made.add(registryId);
    return client;
  };

  const closeOne = async (registryId: string): Promise<void> => {
    const client = clients.get(registryId);
    clients.delete(registryId);
    made.delete(registryId);
    try {
      await (await client)?.close();
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      options.logger.log('debug', 'client-pool.close-failed', { registryId, reason });
    }
  };

  return {
    get(registryId, signal) {
      const known = clients.get(registryId);
      if (known !== undefined) return raceAbort(known, signal);
      const client = make(registryId);
      clients.set(registryId, client);
      // A failure is not kept: the keychain may be unlocked, or the registry added again, before the next call.
      client.catch(() => {
        if (clients.get(registryId) === client) clients.delete(registryId);
      });
      return raceAbort(client, signal);
    },
    forget: (registryId) => void closeOne(registryId),
    close: async () => {
      const [ready, waiting] = [[...made], [...clients.keys()].filter((id) => !made.has(id))];
      for (const id of waiting) void closeOne(id);
      await Promise.all(ready.map(closeOne));
    },
  };
}
