import { describe, expect, it } from 'vitest';
import { createSystemClock } from '#main/core/system/system-clock.ts';
import { appErrorOf } from '#test/support/app-error-of.ts';
import { startTestBackend } from '#test/support/backend.ts';
import { certificateAuthority } from '#test/support/certificates.ts';
import { lockKey } from '#test/support/lock-key.ts';
import { hasTools } from '#test/support/tools.ts';
import { connectInMemory } from '#test/support/transports.ts';

describe.skipIf(!hasTools('openssl'))('what is typed for a trial and stored nowhere', () => {
  it('is masked in the log of an error that nobody foresaw: a password, a client key, its passphrase (V18)', async () => {
    const authority = await certificateAuthority();
    const { certificate, key } = await authority.issue(['DNS:alice'], { client: true });
    const locked = await lockKey(key, 'canary-phrase');
    const clock = createSystemClock();
    let words: string | undefined;
    const now = () => {
      if (words !== undefined) throw new TypeError(words);
      return clock.now();
    };
    const backend = await startTestBackend({ samples: false, clock: { ...clock, now } });
    const connected = await connectInMemory(backend.router);
    const climb = async () => {
      const steps = await connected.client.registries.test({
        host: 'registry.invalid',
        auth: { kind: 'password', username: 'alice', secret: 'canary-password' },
        tls: {
          clientCertificate: { pem: certificate, key: { kind: 'set', pem: locked, passphrase: 'canary-phrase' } },
        },
      });
      words = `no use for canary-password, canary-phrase, ${locked}`;
      for await (const step of steps) expect(step.state).toBe('running');
    };
    expect(await appErrorOf(climb())).toMatchObject({ kind: 'internal' });
    words = undefined;
    const text = backend.logger.text();
    expect(text).toContain('no use for REDACTED, REDACTED, REDACTED');
    expect(text).not.toMatch(/canary-|PRIVATE KEY/);
    await connected.close();
    await backend.close();
  });
});
