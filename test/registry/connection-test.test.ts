import { describe, expect, it } from 'vitest';
import { CredentialHelperError } from '#main/core/gantry-error.ts';
import type { ConnectionTestStep } from '#main/core/registry/connection-test/ladder.ts';
import { createConnectionTest } from '#main/core/registry/connection-test/test-connection.ts';
import type { RegistryConnection } from '#main/core/registry/registry-client.ts';
import { selfSigned } from '#test/support/certificates.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { password, recordingLogger, registryErrorOf, systemClock } from '#test/support/engine.ts';
import { json, routes, startFakeRegistry } from '#test/support/fake-registry.ts';
import { freePort } from '#test/support/free-port.ts';
import { startSilentServer } from '#test/support/silent-server.ts';
import { startTokenIssuer } from '#test/support/token-issuer.ts';
import { hasTools } from '#test/support/tools.ts';

async function climb(host: string, more: Partial<RegistryConnection> = {}, signal?: AbortSignal) {
  const logger = recordingLogger();
  const test = createConnectionTest({ logger, clock: systemClock });
  const connection: RegistryConnection = { host, plainHttp: true, skipVerification: false, ...more };
  const steps: ConnectionTestStep[] = [];
  for await (const step of test(connection, signal)) steps.push(step);
  return steps;
}
/** `step: state` of every result, without the `running` that came before it. */
const results = (steps: readonly ConnectionTestStep[]) =>
  Object.fromEntries(steps.filter((step) => step.state !== 'running').map((step) => [step.step, step.state]));

describe('testConnection', () => {
  it('tells each rung as running, then its result', async () => {
    await using registry = await startFakeRegistry(
      routes({ '/v2/': json({}), '/v2/_catalog': json({ repositories: ['a'] }) }),
    );
    const steps = await climb(registry.host);
    expect(steps.map((step) => `${step.step} ${step.state}`)).toEqual([
      'address running',
      'address ok',
      'connect running',
      'connect ok',
      'ping running',
      'ping ok',
      'challenge running',
      'challenge ok',
      'credential running',
      'credential skipped',
      'token running',
      'token skipped',
      'scopes running',
      'scopes skipped',
      'call running',
      'call ok',
    ]);
  });

  it('takes an IPv6 address in brackets for an address, not for a name to look up', async () => {
    const { error } = (await climb(`[::1]:${await freePort()}`)).find((step) => step.state === 'failed') ?? {};
    // Refused, or unreachable on a machine without IPv6.
    expect(error).toMatchObject({
      kind: 'network',
      failure: { reason: expect.stringMatching(/^(?:refused|unreachable)$/) },
    });
  });

  it.skipIf(!hasTools('docker-registry', 'htpasswd'))(
    'finds a wrong password at the sign-in, and nothing shows it',
    async () => {
      await using registry = await startDockerRegistry({
        auth: { kind: 'htpasswd', username: 'alice', password: 'right' },
      });
      const right = await climb(registry.host, { credential: password('alice', 'right') });
      expect(results(right)).toMatchObject({ challenge: 'ok', credential: 'ok', call: 'ok' });
      const wrong = await climb(registry.host, { credential: password('alice', 'canary-wrong') });
      expect(results(wrong)).toEqual({
        address: 'ok',
        connect: 'ok',
        ping: 'ok',
        challenge: 'ok',
        credential: 'failed',
        token: 'skipped',
        scopes: 'skipped',
        call: 'skipped',
      });
      expect(wrong.find((step) => step.state === 'failed')?.error).toMatchObject({ kind: 'unauthorized' });
      expect(JSON.stringify(wrong)).not.toContain('canary');
    },
  );

  it('stops at the connection when nobody listens', async () => {
    const steps = await climb(`127.0.0.1:${await freePort()}`);
    expect(results(steps)).toMatchObject({ address: 'ok', connect: 'failed', ping: 'skipped', call: 'skipped' });
  });

  it('stops at the address for a name that is none', async () => {
    expect(results(await climb('nowhere.invalid'))).toMatchObject({ address: 'failed', connect: 'skipped' });
    expect(results(await climb('not a host'))).toMatchObject({ address: 'failed', connect: 'skipped' });
  });

  it.skipIf(!hasTools('openssl'))(
    'stops at the connection for a bad certificate, and shows it when allowed',
    async () => {
      await using registry = await startFakeRegistry(routes({ '/v2/': json({}), '/v2/_catalog': json({}) }), {
        tls: await selfSigned(),
      });
      const strict = await climb(registry.host, { plainHttp: false });
      expect(results(strict)).toMatchObject({ connect: 'failed', ping: 'skipped' });
      expect(strict.find((step) => step.state === 'failed')?.error).toMatchObject({ kind: 'tls' });
      const lenient = await climb(registry.host, { plainHttp: false, skipVerification: true });
      expect(results(lenient)).toMatchObject({ connect: 'warning', ping: 'ok' });
      expect(lenient.find((step) => step.state === 'warning')?.detail).toContain('gantry test');
    },
  );

  it('stops at the ping for a website', async () => {
    await using site = await startFakeRegistry(() => ({ headers: { 'content-type': 'text/html' }, body: '<html>' }));
    const steps = await climb(site.host);
    expect(results(steps)).toMatchObject({ ping: 'failed', call: 'skipped' });
    expect(steps.find((step) => step.state === 'failed')?.error).toMatchObject({
      failure: { kind: 'protocol', reason: 'html' },
    });
  });

  it('takes a registry that calls its JSON text/html for one, as Quay does', async () => {
    const quay = { headers: { 'content-type': 'text/html; charset=utf-8' }, body: 'true' };
    await using registry = await startFakeRegistry(routes({ '/v2/': quay, '/v2/_catalog': json({}) }));
    expect(results(await climb(registry.host))).toMatchObject({ ping: 'ok', call: 'ok' });
  });

  it('takes a 401 with an HTML body for a challenge, as nginx sends it', async () => {
    await using registry = await startFakeRegistry(() => ({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="nginx"', 'content-type': 'text/html' },
      body: '<html>401</html>',
    }));
    expect(results(await climb(registry.host))).toMatchObject({ ping: 'ok', challenge: 'ok', credential: 'failed' });
  });

  it('asks a busy registry once, and tells at once', async () => {
    await using registry = await startFakeRegistry(() => ({ status: 503 }));
    const steps = await climb(registry.host);
    expect(results(steps)).toMatchObject({ ping: 'failed' });
    expect(registry.lines).toEqual(['GET /v2/']);
  });

  it('warns about a registry without a catalog', async () => {
    await using registry = await startFakeRegistry(routes({ '/v2/': json({}) }));
    expect(results(await climb(registry.host))).toMatchObject({ credential: 'skipped', call: 'warning' });
  });

  it('leaves a handshake that hangs as soon as its signal is aborted', async () => {
    const silent = await startSilentServer();
    const controller = new AbortController();
    const climbing = registryErrorOf(climb(silent.address, { plainHttp: false, httpsSeen: true }, controller.signal));
    const socket = await silent.nextRequest();
    controller.abort();
    expect((await climbing).kind).toBe('cancelled');
    expect(socket.destroyed).toBe(false);
    await silent.close();
  });

  it('ends as cancelled when its signal is aborted', async () => {
    await using registry = await startFakeRegistry(() => ({ raw: () => undefined }));
    const error = await registryErrorOf(climb(registry.host, {}, AbortSignal.timeout(200)));
    expect(error.kind).toBe('cancelled');
  });
});

describe.skipIf(!hasTools('openssl'))('testConnection with a token server', () => {
  const challenged = (realm: string) => ({
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="${realm}",service="registry.test"` },
  });

  it('tells the token, what it grants, and what went over the wire, and never a secret', async () => {
    const issuer = await startTokenIssuer({
      certificate: await selfSigned(),
      service: 'registry.test',
      issuer: 'test',
      users: { alice: 'canary-password' },
      allow: (_user, type) => (type === 'registry' ? ['*'] : []),
    });
    await using _issuer = issuer;
    const realm = `http://localhost:${issuer.port}/token`;
    await using registry = await startFakeRegistry(
      routes({
        '/v2/': (request) => (request.headers['authorization'] === undefined ? challenged(realm) : json({})),
        '/v2/_catalog': (request) =>
          request.headers['authorization'] === undefined ? challenged(realm) : json({ repositories: ['a'] }),
      }),
    );
    const steps = await climb(registry.host, {
      credential: password('alice', 'canary-password'),
      trustedTokenHosts: [`localhost:${issuer.port}`],
    });
    expect(results(steps)).toEqual({
      address: 'ok',
      connect: 'ok',
      ping: 'ok',
      challenge: 'ok',
      credential: 'ok',
      token: 'ok',
      scopes: 'ok',
      call: 'ok',
    });
    const rung = (name: string) => steps.findLast(({ step }) => step === name);
    expect(rung('credential')?.detail).toBe('user alice with a password, given for this registry');
    expect(rung('token')?.detail).toMatch(/^from http:\/\/localhost:\d+\/token, for the service registry\.test, kept/);
    expect(rung('scopes')?.detail).toBe('asked for registry:catalog:*; the token grants registry:catalog:*');
    expect(rung('ping')?.exchanges).toMatchObject([{ method: 'GET', status: 401 }]);
    expect(rung('token')?.exchanges).toMatchObject([{ method: 'GET', status: 200 }]);
    expect(rung('call')?.exchanges?.map(({ url }) => new URL(url).pathname)).toEqual(['/v2/_catalog']);
    const { authorization: sent } = registry.requests.at(-1)!.headers;
    expect(sent).toMatch(/^Bearer ey/);
    const shown = JSON.stringify(steps);
    expect(shown).not.toContain('canary');
    expect(shown).not.toContain(sent!.slice('Bearer '.length));
    expect(shown).not.toContain(Buffer.from('alice:canary-password').toString('base64'));
  });

  it.each([
    ['a realm', 'Bearer realm="/token?sig=canary-1&account=a",service="s"'],
    ['what cannot be read', 'Bearer realm="/token?sig=canary-1",service="s",hint="/t?k=canary-2" "'],
  ])('shows no query of %s but what is known to be harmless (V18)', async (_name, header) => {
    await using registry = await startFakeRegistry((request) => {
      if (request.path.startsWith('/token')) return json({ token: 'opaque' });
      if (request.headers['authorization'] === 'Bearer opaque') return json({});
      return { status: 401, headers: { 'www-authenticate': header } };
    });
    const steps = await climb(registry.host, { credential: password('alice', 'wonderland') });
    const rung = (name: string) => steps.findLast(({ step }) => step === name);
    expect(rung('challenge')?.detail).toContain('Bearer realm="/token?sig=REDACTED');
    expect(rung('token')?.detail).toContain(`from http://${registry.host}/token?sig=REDACTED`);
    expect(JSON.stringify(steps)).not.toContain('canary');
  });

  it('stops at the token when the token server refuses the password', async () => {
    await using registry = await startFakeRegistry((request) =>
      request.path.startsWith('/token') ? json({ details: 'no' }, {}, 401) : challenged('/token'),
    );
    const steps = await climb(registry.host, { credential: password('alice', 'canary-wrong') });
    expect(results(steps)).toMatchObject({ credential: 'ok', token: 'failed', scopes: 'skipped', call: 'skipped' });
    expect(steps.find(({ state }) => state === 'failed')?.error).toMatchObject({ kind: 'unauthorized' });
  });

  it('names both hosts when a token server is not trusted yet, before anything is sent there (A01)', async () => {
    await using thief = await startFakeRegistry(() => json({ token: 'good' }));
    await using registry = await startFakeRegistry(() => challenged(`http://${thief.host}/token`));
    const steps = await climb(registry.host.replace('127.0.0.1', 'localhost'), {
      credential: password('alice', 'canary'),
    });
    expect(steps.find(({ state }) => state === 'failed')).toMatchObject({
      step: 'token',
      error: { kind: 'untrusted-host' },
    });
    expect(thief.connections).toBe(0);
  });

  it('says why a credential was found, and asks its source once for the registry', async () => {
    let asked = 0;
    await using registry = await startFakeRegistry(
      routes({
        '/token': json({ token: 'opaque', expires_in: 900 }),
        '/v2/': challenged('/token'),
        '/v2/_catalog': json({ repositories: [] }),
      }),
    );
    const steps = await climb(registry.host, {
      credentialSource: {
        find: () => {
          asked += 1;
          return Promise.resolve({ credential: password('bob', 'canary'), why: 'config.json names the host' });
        },
      },
    });
    const rung = (name: string) => steps.findLast(({ step }) => step === name)?.detail;
    expect(rung('credential')).toBe('config.json names the host');
    expect(rung('token')).toContain('kept for 895 s');
    expect(rung('scopes')).toBe('asked for registry:catalog:*; the token does not say what it grants');
    expect(asked).toBe(1);
  });

  it('stops at the credential when its helper fails', async () => {
    await using registry = await startFakeRegistry(() => challenged('/token'));
    const failure = { helper: 'pass', reason: 'timeout', source: 'config.json', detail: '' } as const;
    const steps = await climb(registry.host, {
      credentialSource: { find: () => Promise.reject(new CredentialHelperError(failure)) },
    });
    expect(results(steps)).toMatchObject({ challenge: 'ok', credential: 'failed', token: 'skipped' });
    expect(registry.lines).toEqual(['GET /v2/']);
  });
});
