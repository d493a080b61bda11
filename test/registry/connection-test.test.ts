import { describe, expect, it } from 'vitest';
import { type ConnectionTestStep, createConnectionTest } from '#main/core/registry/connection-test.ts';
import type { RegistryConnection } from '#main/core/registry/registry-client.ts';
import { selfSigned } from '#test/support/certificates.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { password, recordingLogger, registryErrorOf, systemClock } from '#test/support/engine.ts';
import { json, routes, startFakeRegistry } from '#test/support/fake-registry.ts';
import { freePort } from '#test/support/free-port.ts';
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
      'credential ok',
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
    expect(results(await climb(registry.host))).toMatchObject({ ping: 'ok', credential: 'ok' });
  });

  it('takes a 401 with an HTML body for a challenge, as nginx sends it', async () => {
    await using registry = await startFakeRegistry(() => ({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="nginx"', 'content-type': 'text/html' },
      body: '<html>401</html>',
    }));
    expect(results(await climb(registry.host))).toMatchObject({ ping: 'ok', challenge: 'ok', credential: 'failed' });
  });

  it('warns about a registry without a catalog', async () => {
    await using registry = await startFakeRegistry(routes({ '/v2/': json({}) }));
    expect(results(await climb(registry.host))).toMatchObject({ credential: 'ok', call: 'warning' });
  });

  it('ends as cancelled when its signal is aborted', async () => {
    await using registry = await startFakeRegistry(() => ({ raw: () => undefined }));
    const error = await registryErrorOf(climb(registry.host, {}, AbortSignal.timeout(200)));
    expect(error.kind).toBe('cancelled');
  });
});
