import { startTestBackend, TEST_OPTIONS, type TestBackend, type TestBackendOptions } from './backend.ts';
import type { ApiClient } from './transports.ts';

export type FileBackendOptions = Omit<TestBackendOptions, 'capabilities' | 'dialogs'> & {
  /** What a person chooses in the system's dialogs, as it is at that moment. */
  readonly chosen: () => string | undefined;
  readonly onReveal?: (path: string) => void;
};

/** A backend on a host with native dialogs and paths, as the desktop has them. */
export function startFileBackend({ chosen, onReveal, ...rest }: FileBackendOptions): Promise<TestBackend> {
  return startTestBackend({
    ...rest,
    capabilities: { ...TEST_OPTIONS.capabilities, nativeDialogs: true, localPaths: true },
    dialogs: {
      chooseArchive: () => Promise.resolve(chosen()),
      chooseDestination: () => Promise.resolve(chosen()),
      reveal: (path) => {
        onReveal?.(path);
        return Promise.resolve(true);
      },
    },
  });
}

/** Where its Local registry listens. @throws when it does not run */
export async function localAddress(client: Pick<ApiClient, 'host'>): Promise<string> {
  const { localRegistry } = await client.host.info();
  if (localRegistry.state !== 'running') throw new Error('the Local registry does not run');
  return localRegistry.address;
}
