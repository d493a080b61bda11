import { implement } from '@orpc/server';
import type { Change } from '#shared/api/changes.ts';
import { contract } from '#shared/api/contract.ts';
import type { HostInfo } from '#shared/api/host.ts';

export const hostInfo: HostInfo = {
  version: '0.0.0',
  capabilities: {
    nativeDialogs: false,
    localPaths: false,
    dragOut: false,
    updates: false,
    confirmsExternalLinks: false,
  },
  credentialStore: { kind: 'memory', reason: 'a test' },
  platform: { os: 'linux', architecture: 'amd64', osFeatures: [], features: [] },
  localRegistry: { state: 'failed', reason: 'a test' },
  dataDir: '/nowhere',
  notices: [],
};

/** Two procedures of the real contract, enough to try a transport: one answer, and one stream that never ends. */
export function createSmallRouter() {
  const os = implement({ host: contract.host, changes: contract.changes });
  const watchers = { open: 0, closed: 0 };
  const router = os.router({
    host: os.host.router({ info: os.host.info.handler(() => hostInfo) }),
    changes: os.changes.router({
      watch: os.changes.watch.handler(async function* ({ signal }): AsyncGenerator<Change> {
        watchers.open += 1;
        try {
          yield { area: 'ready' };
          await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
        } finally {
          watchers.closed += 1;
        }
      }),
    }),
  });
  return { router, watchers };
}
