import { beforeAll, describe, expect, it } from 'vitest';
import type { RegistryConnection } from '#main/core/registry/registry-client.ts';
import { type Certificate, selfSigned } from '#test/support/certificates.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import {
  type Engine,
  type EngineOptions,
  password,
  registryErrorOf,
  startEngine,
  TEST_NETWORK,
} from '#test/support/engine.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { startForwardProxy } from '#test/support/forward-proxy.ts';
import { freePort } from '#test/support/free-port.ts';
import { createTestClock, drive, type TestClock } from '#test/support/test-clock.ts';
import { hasTools } from '#test/support/tools.ts';

type Variables = Readonly<Record<string, string>>;

const SECRET = 'canary-proxy-password';

const engineAt = (
  host: string,
  proxyVariables: Variables,
  connection: Partial<RegistryConnection> = {},
  more: EngineOptions = {},
): Engine =>
  startEngine(host, { ...more, connection, transport: { ...TEST_NETWORK, ...more.transport, proxyVariables } });

describe('a plain http registry behind a proxy', () => {
  it('is asked in absolute form, and only the proxy reads its password', async () => {
    await using proxy = await startForwardProxy({ basic: { username: 'bob', password: SECRET } });
    await using registry = await startFakeRegistry(() => json({}));
    const host = `registry.public.test:${registry.port}`;
    const variables = { HTTP_PROXY: proxy.url.replace('//', `//bob:${SECRET}@`) };
    await using engine = engineAt(host, variables, {}, { credential: password('alice', 'pw') });
    await engine.client.ping();
    expect(proxy.requests).toMatchObject([{ method: 'GET', target: `http://${host}/v2/`, status: 200 }]);
    expect(registry.requests.map(({ headers }) => headers['host'])).toEqual([host]);
    expect(registry.received).not.toContain('proxy-auth');
    expect(JSON.stringify(engine.log)).not.toContain(SECRET);
  });

  it('fails by the proxy when that wants a password, and names no password', async () => {
    await using proxy = await startForwardProxy({ basic: { username: 'bob', password: SECRET } });
    const variables = { http_proxy: proxy.url.replace('//', '//bob:wrong-canary@') };
    await using engine = engineAt('registry.public.test', variables);
    const { failure, message } = await registryErrorOf(engine.client.ping());
    expect(failure).toEqual({
      kind: 'network',
      reason: 'proxy',
      host: `127.0.0.1:${proxy.port}`,
      detail: expect.stringContaining('answered 407'),
    });
    expect(`${message} ${JSON.stringify([failure, engine.log])}`).not.toContain('canary');
  });

  it('A09 V18 never has its password repeated from what is echoed, in an error, a warning or the log', async () => {
    const encoded = Buffer.from(`bob:${SECRET}`).toString('base64').replace(/=+$/, '');
    const echo = `${SECRET} ${encoded}`;
    await using registry = await startFakeRegistry(({ path }) =>
      path === '/v2/'
        ? json({ errors: [{ code: 'DENIED', message: `sent: ${echo}`, detail: echo }] }, { server: SECRET }, 403)
        : json({ tags: [] }, { warning: `299 - "you sent ${SECRET}"` }),
    );
    await using proxy = await startForwardProxy({ basic: { username: 'bob', password: SECRET } });
    const variables = { HTTP_PROXY: proxy.url.replace('//', `//bob:${SECRET}@`) };
    await using engine = engineAt(`registry.public.test:${registry.port}`, variables);
    const { failure, message } = await registryErrorOf(engine.client.ping());
    const { warnings } = await engine.client.listTags({ repository: 'a' });
    expect(failure).toMatchObject({ codes: [{ code: 'DENIED', message: 'sent: REDACTED REDACTED' }] });
    expect(warnings).toEqual([{ source: 'registry', text: 'you sent REDACTED' }]);
    const { value: entries } = await engine.transport.log.watch(AbortSignal.timeout(10_000)).next();
    expect(JSON.stringify(entries)).toContain('DENIED');
    const shown = JSON.stringify([message, failure, warnings, entries, engine.log]);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(encoded);
  });

  it('is left alone where NO_PROXY or the connection says so', async () => {
    await using proxy = await startForwardProxy();
    await using registry = await startFakeRegistry(() => json({}));
    const host = `registry.public.test:${registry.port}`;
    await using excepted = engineAt(host, { HTTP_PROXY: proxy.url, NO_PROXY: 'public.test' });
    await excepted.client.ping();
    await using direct = engineAt(host, { HTTP_PROXY: proxy.url }, { proxy: { kind: 'none' } });
    await direct.client.ping();
    await using loopback = engineAt(registry.host, { HTTP_PROXY: proxy.url });
    await loopback.client.ping();
    expect(proxy.requests).toEqual([]);
    expect(registry.requests).toHaveLength(3);
  });

  it('takes a proxy of its own, whatever the environment says', async () => {
    await using proxy = await startForwardProxy();
    await using registry = await startFakeRegistry(() => json({}));
    const own = { proxy: { kind: 'url', url: proxy.url } } as const;
    await using engine = engineAt(registry.host, { HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' }, own);
    await engine.client.ping();
    expect(proxy.requests).toMatchObject([{ target: `http://${registry.host}/v2/` }]);
  });
});

describe('a resolver of this machine that says nothing', () => {
  /** Behind a proxy that finds the registry itself, and counts how often the name is looked up here. */
  async function meet(
    run: (met: {
      readonly engine: Engine;
      readonly clock: TestClock;
      readonly lookUps: () => number;
      readonly requests: readonly unknown[];
    }) => Promise<void>,
  ): Promise<void> {
    const clock = createTestClock();
    let lookUps = 0;
    const lookup = () => void (lookUps += 1);
    await using proxy = await startForwardProxy();
    await using registry = await startFakeRegistry(() => json({ tags: [] }));
    const host = `registry.public.test:${registry.port}`;
    const transport = { lookup, retry: { tries: 1 } };
    await using engine = engineAt(host, { HTTP_PROXY: proxy.url }, {}, { clock, transport });
    await run({ engine, clock, lookUps: () => lookUps, requests: registry.requests });
  }

  it('is waited for once, by all requests together, and not again for a minute', async () => {
    await meet(async ({ engine, clock, lookUps, requests }) => {
      const row = (repository: string) => engine.client.listTags({ repository });
      await drive(clock, row('a'));
      const slept = clock.sleeps.filter((ms) => ms === 2000).length;
      await Promise.all(['b', 'c', 'd'].map(row));
      expect(lookUps()).toBe(1);
      expect(clock.sleeps.filter((ms) => ms === 2000)).toHaveLength(slept);
      await clock.advance(60_000);
      await drive(clock, Promise.all(['e', 'f', 'g'].map(row)));
      expect(lookUps()).toBe(2);
      expect(requests).toHaveLength(7);
    });
  });

  it('holds up nobody who leaves, and is not given up for them', async () => {
    await meet(async ({ engine, clock, lookUps, requests }) => {
      const controller = new AbortController();
      const left = registryErrorOf(engine.client.ping({ signal: controller.signal }));
      await expect.poll(lookUps).toBe(1);
      controller.abort();
      expect((await left).kind).toBe('cancelled');
      expect(requests).toHaveLength(0);
      await drive(clock, engine.client.ping());
      expect(lookUps()).toBe(2);
    });
  });
});

describe('a proxy that is no use', () => {
  it.each([
    ['that nobody runs', async () => `http://127.0.0.1:${await freePort()}`, /127\.0\.0\.1:\d+/, /ECONNREFUSED/],
    ['whose name is unknown', () => 'http://proxy.nowhere.test:3128', /proxy\.nowhere\.test:3128/, /ENOTFOUND/],
    ['of a kind we do not speak', () => 'socks5://127.0.0.1:1080', /HTTPS_PROXY/, /only http and https/],
    ['that is no address', () => 'http://', /HTTPS_PROXY/, /not the address of a proxy/],
  ])('%s fails by its name', async (_name, url, host, detail) => {
    await using engine = engineAt('registry.public.test', { HTTPS_PROXY: await url() }, { plainHttp: false });
    expect((await registryErrorOf(engine.client.ping())).failure).toEqual({
      kind: 'network',
      reason: 'proxy',
      host: expect.stringMatching(host),
      detail: expect.stringMatching(detail),
    });
  });

  it('that says nothing fails at its bound (L01)', async () => {
    await using silent = await startFakeRegistry(() => ({ raw: () => undefined }));
    const timeouts = { connectMs: 200, headersMs: 200 };
    const variables = { HTTPS_PROXY: `http://${silent.host}` };
    await using engine = engineAt('registry.public.test', variables, { plainHttp: false }, { transport: { timeouts } });
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({ kind: 'network' });
  });
});

describe.skipIf(!hasTools('openssl'))('an https registry behind a proxy', () => {
  let tls: Certificate;
  beforeAll(async () => {
    tls = await selfSigned(['DNS:registry.public.test', 'DNS:cdn.public.test', 'DNS:inside.private.test']);
  });
  const over = (more: Partial<RegistryConnection> = {}) => ({
    plainHttp: false,
    tls: { caPem: tls.certificate },
    ...more,
  });

  it('is reached by a tunnel whose end is verified, and the proxy reads nothing', async () => {
    await using proxy = await startForwardProxy();
    await using registry = await startFakeRegistry(() => json({}), { tls });
    const host = `registry.public.test:${registry.port}`;
    await using engine = engineAt(host, { HTTPS_PROXY: proxy.url }, over());
    await engine.client.ping();
    await engine.client.ping();
    expect(new Set(proxy.requests.map(({ method, target }) => `${method} ${target}`))).toEqual(
      new Set([`CONNECT ${host}`]),
    );
    expect(proxy.received).not.toContain('/v2/');
    await using strict = engineAt(host, { HTTPS_PROXY: proxy.url }, { plainHttp: false });
    expect((await registryErrorOf(strict.client.ping())).failure).toMatchObject({
      kind: 'tls',
      reason: 'self-signed',
      host,
      certificates: [{ subject: 'CN=gantry test' }],
    });
    expect(registry.requests).toHaveLength(2);
  });

  it('fails by the proxy when that refuses the tunnel', async () => {
    await using proxy = await startForwardProxy({ basic: { username: 'bob', password: SECRET } });
    await using engine = engineAt('registry.public.test', { HTTPS_PROXY: proxy.url }, over());
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({
      kind: 'network',
      reason: 'proxy',
      host: `127.0.0.1:${proxy.port}`,
      detail: expect.stringContaining('407'),
    });
  });

  it('is not led inside the network by a redirect, though the proxy would go there (R04)', async () => {
    await using proxy = await startForwardProxy();
    await using inside = await startFakeRegistry(() => json({}), { tls });
    let target = `https://inside.private.test:${inside.port}/x`;
    await using registry = await startFakeRegistry(() => ({ status: 307, headers: { location: target } }), { tls });
    const host = `registry.public.test:${registry.port}`;
    await using engine = engineAt(host, { HTTPS_PROXY: proxy.url }, over());
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({
      kind: 'untrusted-host',
      host: `inside.private.test:${inside.port}`,
    });
    target = `https://127.0.0.2:${inside.port}/x`;
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({ kind: 'untrusted-host' });
    expect(inside.connections).toBe(0);
  });

  it('lets the proxy look up a name that only it knows', async () => {
    await using proxy = await startForwardProxy();
    await using cdn = await startFakeRegistry(() => json({}), {
      tls: await selfSigned(['DNS:cdn.only-the-proxy.example']),
    });
    await using registry = await startFakeRegistry(
      () => ({ status: 307, headers: { location: `https://cdn.only-the-proxy.example:${cdn.port}/x` } }),
      { tls },
    );
    await using engine = engineAt(`registry.public.test:${registry.port}`, { HTTPS_PROXY: proxy.url }, over());
    // It got as far as the certificate, which is for another authority.
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({ kind: 'tls', reason: 'self-signed' });
    expect(cdn.connections).toBe(1);
  });

  it.skipIf(!hasTools('docker-registry'))(
    'reads manifests and blobs of docker-registry through the tunnel',
    async () => {
      await using proxy = await startForwardProxy();
      await using registry = await startDockerRegistry({ tls });
      const host = `registry.public.test:${registry.port}`;
      await using engine = engineAt(host, { HTTPS_PROXY: proxy.url }, over());
      expect(await engine.client.listRepositories({})).toMatchObject({ names: [] });
      const missing = engine.client.getManifest({ repository: 'library/web', reference: 'v1' });
      expect((await registryErrorOf(missing)).kind).toBe('not-found');
    },
  );
});
