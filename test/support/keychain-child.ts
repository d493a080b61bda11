// Run by the keychain tests as a program of its own, inside or outside a D-Bus session. One JSON line on stdout.
import { createKeychainStore } from '#main/core/credentials/keychain-store.ts';
import { openCredentialStore } from '#main/core/credentials/open-credential-store.ts';
import type { Logger } from '#main/core/ports.ts';
import { createSystemClock } from '#main/core/system/system-clock.ts';

const events: string[] = [];
const logger: Logger = { log: (_level, event) => void events.push(event) };
const account = 'registry.example.com (alice) · ab12cd';

const store = await openCredentialStore(logger, () =>
  createKeychainStore({ service: 'Gantry test', clock: createSystemClock() }),
);
const before = (await store.get(account)) ?? null;
await store.set(account, 'pa$$ wörd');
const written = (await store.get(account)) ?? null;
const second = await openCredentialStore(logger, () =>
  createKeychainStore({ service: 'Gantry test', clock: createSystemClock() }),
);
const readBySecond = (await second.get(account)) ?? null;
await store.set(account, 'changed');
const changed = (await store.get(account)) ?? null;
const deleted = await store.delete(account);
const deletedAgain = await store.delete(account);
const after = (await store.get(account)) ?? null;

const { default: keytar } = await import('keytar');
const left = await keytar.findCredentials('Gantry test').catch(() => []);
process.stdout.write(
  `${JSON.stringify({ status: store.status, before, written, readBySecond, changed, deleted, deletedAgain, after, left: left.length, events })}\n`,
);
