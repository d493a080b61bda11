import { describe, expect, it } from 'vitest';
import { toAppError } from '#main/api/to-app-error.ts';
import { createLiveSecrets } from '#main/core/connections/live-secrets.ts';
import { createMemoryStore } from '#main/core/credentials/memory-store.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';

const CANARY = 'canary-s3cret/value+1';

describe('createLiveSecrets', () => {
  it('keeps a secret that was stored or read out of the message and stack of an internal error', async () => {
    const store = createMemoryStore('test');
    await store.set('old', CANARY);
    const secrets = createLiveSecrets();
    const logger = recordingLogger();
    const watched = secrets.watch(store);
    expect(await watched.get('old')).toBe(CANARY);
    await watched.set('new', 'canary-two');
    const error = new TypeError(`no ${CANARY} ${encodeURIComponent(CANARY)} canary-two`);
    expect(toAppError(error, { logger: secrets.scrub(logger) })).toMatchObject({ kind: 'internal' });
    expect(logger.lines).toHaveLength(1);
    expect(JSON.stringify(logger.lines)).toContain('REDACTED');
    expect(JSON.stringify(logger.lines)).not.toMatch(/canary-/);
  });

  it('knows the passphrase and the key inside what is stored of a client key', async () => {
    const secrets = createLiveSecrets();
    const logger = recordingLogger();
    const watched = secrets.watch(createMemoryStore('test'));
    await watched.set('key', JSON.stringify({ pem: 'canary-pem', passphrase: 'canary-phrase' }));
    await watched.set('json', '{"username":"not a key"');
    secrets.scrub(logger).log('error', 'event', { text: 'read canary-pem with canary-phrase' });
    expect(logger.lines).toMatchObject([{ fields: { text: 'read REDACTED with REDACTED' } }]);
  });

  it('leaves no end of a secret that begins with another one', () => {
    const secrets = createLiveSecrets();
    const logger = recordingLogger();
    for (const secret of ['hunter2', 'hunter2-canary']) secrets.note(secret);
    secrets.scrub(logger).log('error', 'event', { text: 'is hunter2-canary, was hunter2' });
    expect(logger.lines).toMatchObject([{ fields: { text: 'is REDACTED, was REDACTED' } }]);
  });

  it('holds the latest two thousand, and no more', () => {
    const secrets = createLiveSecrets();
    const logger = recordingLogger();
    for (let index = 0; index < 3000; index += 1) secrets.note(`canary-${String(index).padStart(4, '0')}`);
    secrets.scrub(logger).log('error', 'event', { text: 'canary-0999 canary-1000 canary-2999' });
    expect(logger.lines).toMatchObject([{ fields: { text: 'canary-0999 REDACTED REDACTED' } }]);
  });

  it('masks the value of an Authorization it has never seen', () => {
    const logger = recordingLogger();
    const scrubbed = createLiveSecrets().scrub(logger);
    scrubbed.log('error', 'event', {
      text: 'header Authorization: Bearer eyJhbGciOi.abc-def and basic YWxpY2U6eA==',
      count: 2,
    });
    expect(logger.lines).toMatchObject([
      { fields: { text: 'header Authorization: Bearer REDACTED and basic REDACTED', count: 2 } },
    ]);
  });

  it('answers as the store it watches', async () => {
    const watched = createLiveSecrets().watch(createMemoryStore('why'));
    expect(watched.status).toEqual({ kind: 'memory', reason: 'why' });
    expect(await watched.get('none')).toBeUndefined();
    await watched.set('one', 'secret');
    expect(await watched.delete('one')).toBe(true);
    expect(await watched.delete('one')).toBe(false);
  });
});
