import type { HostInfo } from '#shared/api/host.ts';
import { defaultPlatform } from './default-platform.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';

/** `host.*` */
export function hostHandlers(os: Implementer, services: Services) {
  const { ports, options, localShelf } = services;
  return {
    info: os.host.info.handler((): HostInfo => {
      const { nativeDialogs, localPaths, dragOut, updates, confirmsExternalLinks } = options.capabilities;
      return {
        version: options.version,
        capabilities: { nativeDialogs, localPaths, dragOut, updates, confirmsExternalLinks },
        credentialStore: { ...ports.credentials.status },
        platform: defaultPlatform(),
        localRegistry: { ...localShelf.state },
        dataDir: ports.paths.dataDir,
        notices: noticesOf(services),
      };
    }),
  };
}

function noticesOf({ localShelf, ports, storage, transfers }: Services): HostInfo['notices'] {
  const notices: HostInfo['notices'] = [];
  if (storage.movedAside !== undefined) notices.push({ kind: 'database-reset', detail: storage.movedAside });
  if (transfers.movedAside !== undefined) notices.push({ kind: 'transfers-reset', detail: transfers.movedAside });
  if (transfers.isShared) notices.push({ kind: 'transfers-not-kept', detail: ports.paths.dataDir });
  const { state } = localShelf;
  if (state.state === 'failed') notices.push({ kind: 'local-registry-failed', detail: state.reason });
  return notices;
}
