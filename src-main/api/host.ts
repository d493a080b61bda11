import type { HostInfo } from '#shared/api/host.ts';
import { defaultPlatform } from './default-platform.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';

/** `host.*` */
export function hostHandlers(os: Implementer, { ports, options, localShelf }: Services) {
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
      };
    }),
  };
}
