import { ProxyAgent, request } from 'undici';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '#test/support/certificates.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { startForwardProxy } from '#test/support/forward-proxy.ts';
import { startTokenIssuer } from '#test/support/token-issuer.ts';
import { hasTools } from '#test/support/tools.ts';

const issuerOptions = async (oauth2: boolean) => ({
  certificate: await selfSigned(),
  service: 's',
  issuer: 'i',
  users: { alice: 'secret' },
  allow: () => ['pull'],
  lifetimeSeconds: 2,
  oauth2,
});
const post = (port: number, form: Readonly<Record<string, string>>) =>
  fetch(`http://127.0.0.1:${port}/token`, { method: 'POST', body: new URLSearchParams(form) });

describe.skipIf(!hasTools('openssl'))('the token server of the tests', () => {
  it('trades a password and then its refresh token for tokens of two scopes', async () => {
    await using issuer = await startTokenIssuer(await issuerOptions(true));
    const scope = 'repository:a:pull repository:b:pull,push';
    const first = await post(issuer.port, {
      grant_type: 'password',
      username: 'alice',
      password: 'secret',
      access_type: 'offline',
      scope,
    });
    const { refresh_token: refreshToken = '', expires_in: expiresIn } = (await first.json()) as {
      refresh_token?: string;
      expires_in: number;
    };
    expect(expiresIn).toBe(2);
    const second = await post(issuer.port, { grant_type: 'refresh_token', refresh_token: refreshToken, scope });
    expect(second.status).toBe(200);
    expect(issuer.grants.map(({ kind, user, scopes }) => [kind, user, scopes.length])).toEqual([
      ['password', 'alice', 2],
      ['refresh_token', 'alice', 2],
    ]);
    expect((await post(issuer.port, { grant_type: 'refresh_token', refresh_token: 'x' })).status).toBe(401);
  });

  it('answers POST with 404 when it knows GET alone', async () => {
    await using issuer = await startTokenIssuer(await issuerOptions(false));
    expect((await post(issuer.port, { grant_type: 'password' })).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${issuer.port}/token?scope=repository:a:pull`)).status).toBe(200);
  });
});

describe('the forward proxy of the tests', () => {
  it('passes on tunnels and requests with its password, and records both', async () => {
    const basic = { username: 'p', password: 'q' };
    await using proxy = await startForwardProxy({ basic });
    await using server = await startFakeRegistry(() => json({}));
    const token = `Basic ${Buffer.from('p:q').toString('base64')}`;
    const tunnel = new ProxyAgent({ uri: proxy.url, token, proxyTunnel: true });
    const plain = new ProxyAgent({ uri: proxy.url, token, proxyTunnel: false });
    const refused = new ProxyAgent({ uri: proxy.url, proxyTunnel: false });
    const url = `http://registry.test:${server.port}/v2/`;
    for (const dispatcher of [tunnel, plain]) {
      const answer = await request(url, { dispatcher });
      expect(answer.statusCode).toBe(200);
      await answer.body.dump();
      await dispatcher.close();
    }
    await expect(request(url, { dispatcher: refused })).rejects.toThrow('407');
    await refused.close();
    expect(proxy.requests.map(({ method, target, status }) => [method, target, status])).toEqual([
      ['CONNECT', `registry.test:${server.port}`, 200],
      ['GET', url, 200],
      ['GET', url, 407],
    ]);
    expect(server.received).not.toContain('proxy-authorization');
  });
});
