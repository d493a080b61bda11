import { LRUCache } from 'lru-cache';
import type { CredentialStore, Logger } from '../ports.ts';
import { longestFirst, scrubSecrets } from '../registry/transport/redact.ts';
import { secretsWithin } from './connection-secrets.ts';

/** The value of an `Authorization`, wherever it turns up in a text. */
const AUTHORIZATION = /\b(Basic|Bearer)\s+[\w.~+/=-]{8,}/gi;

/** Every secret this process has read, stored or tried, so that none of them reaches the log. */
export type LiveSecrets = {
  note(secret: string): void;
  /** The same store; what goes in or comes out is noted, a client key's passphrase too. */
  watch(store: CredentialStore): CredentialStore;
  /** The same logger, with noted secrets and values of `Authorization` masked in every text. */
  scrub(logger: Logger): Logger;
};

/** Some token servers give a new refresh token each time: the latest are those that may still turn up. */
const MAX_SECRETS = 2000;

/** The last line of defence: an error nobody foresaw is logged with its message and stack, and may quote anything. */
export function createLiveSecrets(): LiveSecrets {
  const secrets = new LRUCache<string, true>({ max: MAX_SECRETS });
  let sorted: readonly string[] | undefined;
  const note = (secret: string): void => {
    for (const spelling of [secret, encodeURIComponent(secret)]) {
      if (!secrets.has(spelling)) sorted = undefined;
      secrets.set(spelling, true);
    }
  };
  const noteStored = (text: string): void => {
    for (const secret of [text, ...secretsWithin(text)]) note(secret);
  };
  const clean = (text: string): string =>
    scrubSecrets(text, (sorted ??= longestFirst(secrets.keys()))).replaceAll(
      AUTHORIZATION,
      (_all, scheme: string) => `${scheme} REDACTED`,
    );

  return {
    note,
    watch: (store) => ({
      status: store.status,
      get: async (account) => {
        const secret = await store.get(account);
        if (secret !== undefined) noteStored(secret);
        return secret;
      },
      set: (account, secret) => {
        noteStored(secret);
        return store.set(account, secret);
      },
      delete: (account) => store.delete(account),
    }),
    scrub: (logger) => ({
      log: (level, event, fields = {}) => {
        const entries = Object.entries(fields);
        const shown = entries.map(([key, value]) => [key, typeof value === 'string' ? clean(value) : value] as const);
        logger.log(level, event, Object.fromEntries(shown));
      },
    }),
  };
}
