import type { ClientPool } from '../core/connections/client-pool.ts';
import type { OpenImages } from '../core/layers/opened/open-images.ts';

/** The clients that browse, those that copy, and what was opened with them, let go of together. */
export type Clients = {
  /** Which remember what they have seen. */
  readonly browsing: ClientPool;
  /** Which remember nothing: what a destination held a while ago is no reason not to write it. What others remember of it goes. */
  readonly copying: ClientPool;
  /** What was opened with them: another person may not be allowed to see it. */
  readonly openImages: Pick<OpenImages, 'forget'>;
};

/** The pool of those that browse, which lets go of all that hangs on a connection. */
export function forgettingAll({ browsing, copying, openImages }: Clients): ClientPool {
  return {
    get: (registryId) => browsing.get(registryId),
    forget: (registryId) => {
      browsing.forget(registryId);
      copying.forget(registryId);
      openImages.forget(registryId);
    },
    close: async () => {
      await Promise.all([browsing.close(), copying.close()]);
    },
  };
}
