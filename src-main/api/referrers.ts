import { listReferrers } from '../core/image/list-referrers.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { signalOf } from './signal-of.ts';

/** `referrers.*` */
export function referrersHandlers(os: Implementer, { clients }: Services) {
  return {
    list: os.referrers.list.handler(async ({ input, signal }) => {
      const { registryId, ...call } = input;
      const page = await listReferrers({ client: await clients.get(registryId, signal), ...call, ...signalOf(signal) });
      return { ...page, referrers: [...page.referrers], warnings: [...page.warnings] };
    }),
  };
}
