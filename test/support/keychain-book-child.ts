// Run by the keychain tests as a program of its own inside a D-Bus session: the list of registries over a real keychain.
// One JSON line on stdout.
import { readFileSync } from 'node:fs';
import { createConnectionBook } from '#main/core/connections/connection-book.ts';
import { createKeychainStore } from '#main/core/credentials/keychain-store.ts';
import { createMemoryStore } from '#main/core/credentials/memory-store.ts';
import type { CredentialStore, Logger } from '#main/core/ports.ts';
import { openStorage } from '#main/core/storage/open-storage.ts';
import { createSystemClock } from '#main/core/system/system-clock.ts';

const SERVICE = 'Gantry book test';
const [dataDir = '', certificateFile = '', keyFile = ''] = process.argv.slice(2);
const logger: Logger = { log: () => undefined };

/** The app as started once: with the keychain, or where there is none. */
function start(credentials: CredentialStore) {
  const storage = openStorage({ dataDir, logger, clock: createSystemClock() });
  const book = createConnectionBook({
    rows: storage.registries,
    leftovers: storage.leftovers,
    credentials,
    clock: createSystemClock(),
    logger,
    sourceOf: () => ({ find: () => Promise.resolve({ why: 'test' }) }),
  });
  return { book, storage };
}

const { default: keytar } = await import('keytar');
const entries = async (): Promise<readonly string[]> =>
  (await keytar.findCredentials(SERVICE))
    .map(({ account }) => account.replace(/ · \w{6}$/, ''))
    .toSorted((a, b) => a.localeCompare(b));

const common = {
  plainHttp: false,
  skipVerification: false,
  proxy: { kind: 'system' },
  apiPrefix: '',
  repositoryPrefix: '',
  trustedTokenHosts: [],
  uploadHosts: [],
} as const;
const key = { kind: 'set', pem: readFileSync(keyFile, 'utf8') } as const;
const clientCertificate = { pem: readFileSync(certificateFile, 'utf8'), key };
const auth = { kind: 'password', username: 'alice', secret: 'pa$$ wörd' } as const;

const first = start(await createKeychainStore({ service: SERVICE, clock: createSystemClock() }));
const one = await first.book.add({ ...common, host: 'one.example', auth, tls: { clientCertificate } });
const two = await first.book.add({ ...common, host: 'two.example', auth, tls: { clientCertificate } });
const added = await entries();
const { credential, tls } = await first.book.connectionOf(one.id);
await first.book.remove(one.id);
const removed = await entries();
first.storage.close();

const second = start(createMemoryStore('no keychain'));
await second.book.remove(two.id);
const removedWithout = await entries();
second.storage.close();

const third = start(await createKeychainStore({ service: SERVICE, clock: createSystemClock() }));
await third.book.deleteLeftovers(new AbortController().signal);
const left = await entries();
const noted = third.storage.leftovers.list();
third.storage.close();

const isWhole = credential?.secret === auth.secret && tls?.client?.keyPem === key.pem;
process.stdout.write(`${JSON.stringify({ added, isWhole, removed, removedWithout, left, noted })}\n`);
