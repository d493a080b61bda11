import type { ClientContext } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { loseSession, openSession } from './session.ts';

/** Calls over HTTP to the host that served this page: POST and JSON, the token in a header of our own. */
export function createHttpLink(): RPCLink<ClientContext> {
  const token = openSession();
  return new RPCLink({
    url: `${location.origin}/rpc`,
    headers: async () => ({ 'x-gantry-token': await token() }),
    fetch: async (request, init) => {
      const response = await fetch(request, { ...init, cache: 'no-store', credentials: 'omit' });
      if (response.status === 401) throw loseSession();
      return response;
    },
  });
}
