import type { ClientContext, ClientLink } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { TOKEN_HEADER } from '#shared/api/file-routes.ts';
import { wireSerializers } from '#shared/api/wire.ts';
import { withLanes } from './http-lanes.ts';
import { loseSession, openSession, sessionToken } from './session.ts';

/** Calls over HTTP to the host that served this page: POST and JSON, the token in a header of our own. */
export function createHttpLink(): ClientLink<ClientContext> {
  openSession();
  const link = new RPCLink<ClientContext>({
    url: `${location.origin}/rpc`,
    customJsonSerializers: wireSerializers,
    headers: async () => ({ [TOKEN_HEADER]: await sessionToken() }),
    fetch: async (request, init) => {
      const response = await fetch(request, { ...init, cache: 'no-store', credentials: 'omit' });
      if (response.status === 401) throw loseSession();
      return response;
    },
  });
  return withLanes(link);
}
