import { createConnectionBook } from '#main/core/connections/connection-book.ts';
import type { ConnectionChoice } from '#main/core/connections/connection-input.ts';
import type { CredentialStore } from '#main/core/ports.ts';
import { flakyStore } from './flaky-store.ts';
import { recordingLogger } from './recording-logger.ts';
import { openTestStorage } from './storage.ts';
import { createTestClock } from './test-clock.ts';

/** The secret of `choice`. */
export const SECRET = 'canary-5ecret';

/** A book over real storage and a store whose failures a test chooses. */
export function openTestBook(options: { readonly status?: CredentialStore['status']; readonly dataDir?: string } = {}) {
  const storage = openTestStorage(options.dataDir);
  const flaky = flakyStore();
  const credentials = options.status === undefined ? flaky : Object.assign(flaky, { status: options.status });
  const logger = recordingLogger();
  const clock = createTestClock();
  const book = createConnectionBook({
    rows: storage.registries,
    leftovers: storage.leftovers,
    credentials,
    clock,
    logger,
    sourceOf: (host) => ({ find: () => Promise.resolve({ why: `asked for ${host}` }) }),
    reservedHosts: () => ['127.0.0.1:5555'],
  });
  return { storage, credentials, clock, logger, book, hosts: () => book.list().map((row) => row.host) };
}

/** A registry with alice's password and nothing special about it. */
export function choice(changes: Partial<ConnectionChoice> = {}): ConnectionChoice {
  return {
    host: 'registry.example.com',
    plainHttp: false,
    skipVerification: false,
    auth: { kind: 'password', username: 'alice', secret: SECRET },
    tls: {},
    proxy: { kind: 'system' },
    apiPrefix: '',
    repositoryPrefix: '',
    trustedTokenHosts: [],
    uploadHosts: [],
    ...changes,
  };
}
