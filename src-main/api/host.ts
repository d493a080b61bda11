import type { HostInfo } from '#shared/api/host.ts';
import { defaultPlatform } from './default-platform.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';

/** `host.*` */
export function hostHandlers(os: Implementer, { ports, options, localShelf, storage }: Services) {
  return {
    info: os.host.info.handler((): HostInfo => {
      const { nativeDialogs, dragOut, updates, confirmsExternalLinks } = options.capabilities;
      return {
        version: options.version,
        capabilities: { nativeDialogs, dragOut, updates, confirmsExternalLinks },
        credentialStore: { ...ports.credentials.status },
        platform: defaultPlatform(),
        localRegistry: { ...localShelf.state },
        dataDir: ports.paths.dataDir,
        notices: noticesOf({ localShelf, storage }),
      };
    }),
  };
}

function noticesOf({ localShelf, storage }: Pick<Services, 'localShelf' | 'storage'>): HostInfo['notices'] {
  const notices: HostInfo['notices'] = [];
  if (storage.movedAside !== undefined) notices.push({ kind: 'database-reset', detail: storage.movedAside });
  const { state } = localShelf;
  if (state.state === 'failed') notices.push({ kind: 'local-registry-failed', detail: state.reason });
  return notices;
}
