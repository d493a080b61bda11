import { describe, expect, it, onTestFinished } from 'vitest';
import { createMemoryStore } from '#main/core/credentials/memory-store.ts';
import type { CredentialStore } from '#main/core/ports.ts';
import { startTestBackend } from '#test/support/backend.ts';
import { appErrorOf } from '#test/support/app-error-of.ts';
import { challenge, tokenFor } from '#test/support/bearer-registry.ts';
import { certificateAuthority } from '#test/support/certificates.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasNginx } from '#test/support/nginx.ts';
import { startPrefixedFront } from '#test/support/nginx-registry.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';
import { connectInMemory } from '#test/support/transports.ts';

/** The app on this data folder, closed when the test ends at the latest. */
async function start(dataDir: string, credentials: CredentialStore) {
  const backend = await startTestBackend({ dataDir, credentials, samples: false });
  onTestFinished(() => backend.close());
  return { backend, client: (await connectInMemory(backend.router)).client };
}

describe('what a person told of a registry', () => {
  it.skipIf(!hasTools('docker-registry', 'openssl', 'htpasswd') || !hasNginx())(
    'reaches it with authority, client certificate and path, also after a restart, until they sign out',
    async () => {
      const login = { username: 'alice', password: 'canary-5ecret' };
      await using registry = await startDockerRegistry({ auth: { kind: 'htpasswd', ...login } });
      const authority = await certificateAuthority();
      const own = await authority.issue(['DNS:alice'], { client: true });
      const server = { tls: await authority.issue(), clientAuthority: authority.certificate };
      await using front = await startPrefixedFront(registry.host, '/mirror', server);

      const [dataDir, credentials] = [temporaryFolder(), createMemoryStore('test')];
      const first = await start(dataDir, credentials);
      const { id, tls } = await first.client.registries.add({
        host: front.host,
        auth: { kind: 'password', username: login.username, secret: login.password },
        tls: {
          caPem: authority.certificate,
          clientCertificate: { pem: own.certificate, key: { kind: 'set', pem: own.key } },
        },
        apiPrefix: 'mirror/',
      });
      expect(tls).toEqual({ caPem: authority.certificate, clientCertificatePem: own.certificate, hasClientKey: true });
      expect(await first.client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
      await first.backend.close();

      const second = await start(dataDir, credentials);
      expect(await second.client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
      const signedOut = await second.client.accounts.signOut({ id });
      expect(signedOut.tls).toEqual({ caPem: authority.certificate, hasClientKey: false });
      await expect(second.client.repositories.list({ registryId: id })).rejects.toThrow('APP_ERROR');
      const logs = first.backend.logger.text() + second.backend.logger.text();
      expect(logs).not.toMatch(/canary-5ecret|PRIVATE KEY/);
    },
  );

  it.skipIf(!hasTools('openssl'))(
    'is not sent in clear to who takes the port of a registry that was found over https (A13)',
    async () => {
      const basic = { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
      const answer = (request: { readonly headers: Readonly<Record<string, unknown>> }) =>
        request.headers['authorization'] === undefined ? basic : json({ repositories: [] });
      const authority = await certificateAuthority();
      const [dataDir, credentials] = [temporaryFolder(), createMemoryStore('test')];
      const registry = await startFakeRegistry(answer, { tls: await authority.issue() });
      const port = Number(registry.host.split(':').at(-1));
      const auth = { kind: 'password', username: 'alice', secret: 'canary-5ecret' } as const;
      const first = await start(dataDir, credentials);
      const { id } = await first.client.registries.add({
        host: registry.host,
        auth,
        tls: { caPem: authority.certificate },
      });
      expect(await first.client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
      await first.backend.close();
      await registry[Symbol.asyncDispose]();

      await using other = await startFakeRegistry(answer, { port });
      const second = await start(dataDir, credentials);
      const error = await appErrorOf(second.client.repositories.list({ registryId: id }));
      expect(error).toMatchObject({ kind: 'tls', reason: 'not-tls' });
      expect(other.requests).toEqual([]);
      expect(other.received).not.toMatch(/authorization/i);

      await second.client.registries.update({ id, host: `http://${other.host}`, auth });
      expect(await second.client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
    },
  );

  it('keeps the identity token that a token server gave in place of theirs, for the next start', async () => {
    const spent: string[] = [];
    await using registry = await startFakeRegistry((request) => {
      if (!request.path.startsWith('/token')) {
        return tokenFor(request) === 'Bearer good' ? json({ repositories: [] }) : challenge('/token');
      }
      const sent = new URLSearchParams(request.body).get('refresh_token') ?? '';
      if (spent.includes(sent)) return json({ errors: [{ code: 'UNAUTHORIZED' }] }, {}, 401);
      spent.push(sent);
      return json({ access_token: 'good', expires_in: 300, refresh_token: `canary-${spent.length}` });
    });
    const [dataDir, credentials] = [temporaryFolder(), createMemoryStore('test')];
    const first = await start(dataDir, credentials);
    const { id, keychainName = '' } = await first.client.registries.add({
      host: `http://${registry.host}`,
      auth: { kind: 'identity', secret: 'canary-0' },
    });
    expect(await first.client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
    await first.backend.close();
    expect(await credentials.get(keychainName)).toBe('canary-1');

    const second = await start(dataDir, credentials);
    expect(await second.client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
    expect(spent).toEqual(['canary-0', 'canary-1']);
    expect(first.backend.logger.text() + second.backend.logger.text()).not.toContain('canary');
  });
});

describe('an identity token that is good for one use', () => {
  it('serves the pooled client and a test of the connection at once', async () => {
    let current = 'canary-0';
    let posts = 0;
    await using registry = await startFakeRegistry((request) => {
      if (!request.path.startsWith('/token')) {
        return tokenFor(request)?.startsWith('Bearer good') === true
          ? json({ repositories: [], tags: [] })
          : challenge('/token');
      }
      const sent = new URLSearchParams(request.body).get('refresh_token');
      if (sent !== current) return json({ errors: [{ code: 'UNAUTHORIZED' }] }, {}, 401);
      posts += 1;
      current = `canary-${posts}`;
      return json({ access_token: `good-${posts}`, expires_in: 300, refresh_token: current });
    });
    const { client } = await start(temporaryFolder(), createMemoryStore('test'));
    const host = `http://${registry.host}`;
    const { id } = await client.registries.add({ host, auth: { kind: 'identity', secret: 'canary-0' } });
    await client.repositories.list({ registryId: id });
    const tries = Array.from({ length: 2 }, async () => {
      for await (const { error } of await client.registries.test({ id, host, auth: { kind: 'unchanged' } })) {
        expect(error).toBeUndefined();
      }
    });
    await Promise.all([...tries, client.tags.list({ registryId: id, repository: 'a' })]);
    expect(posts).toBeGreaterThan(3);
    await expect(client.tags.list({ registryId: id, repository: 'b' })).resolves.toBeDefined();
  });
});
