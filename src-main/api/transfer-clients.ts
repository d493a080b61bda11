import type { ClientPool } from '../core/connections/client-pool.ts';

/** The clients that browse and those that copy, kept and let go of together. */
export type Clients = {
  /** Which remember what they have seen. */
  readonly browsing: ClientPool;
  /** Which remember nothing: what a destination held a while ago is no reason not to write it. */
  readonly copying: ClientPool;
};

/** The pool of those that browse, which lets go of the others too. */
export function forgettingBoth({ browsing, copying }: Clients): ClientPool {
  return {
    get: (registryId) => browsing.get(registryId),
    forget: (registryId) => {
      browsing.forget(registryId);
      copying.forget(registryId);
    },
    close: async () => {
      await Promise.all([browsing.close(), copying.close()]);
    },
  };
}
