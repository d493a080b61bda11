import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTestBackend } from '#test/support/backend.ts';
import { answering, configHome, type ConfigHome, encodeAuth } from '#test/support/config-home.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasSkopeo, skopeo } from '#test/support/skopeo.ts';
import { connectInMemory } from '#test/support/transports.ts';

const LOGIN = { username: 'alice', password: 'canary-5ecret' };

/** A registry that lets in alice only, and an app that is to find her credential in `home`. */
async function setUp(home: ConfigHome, env: Record<string, string> = {}) {
  const registry = await startDockerRegistry({ auth: { kind: 'htpasswd', ...LOGIN } });
  onTestFinished(() => registry[Symbol.asyncDispose]());
  const backend = await startTestBackend({
    samples: false,
    env: { ...home.env, DOCKER_CONFIG: join(home.dir, '.docker'), ...env },
  });
  onTestFinished(() => backend.close());
  const { client } = await connectInMemory(backend.router);
  const add = () => client.registries.add({ host: `http://${registry.host}`, auth: { kind: 'config' } });
  return { host: registry.host, backend, client, add };
}

describe('a registry that uses the config of docker and podman', () => {
  it.runIf(hasSkopeo)('takes the credential of a login made by skopeo, as podman makes it', async () => {
    const home = configHome();
    const file = join(home.dir, 'auth.json');
    const { host, client, add, backend } = await setUp(home, { REGISTRY_AUTH_FILE: file });
    const { id, secret } = await add();
    expect(secret).toBe('config');
    await expect(client.repositories.list({ registryId: id })).rejects.toMatchObject({
      data: { kind: 'unauthorized' },
    });

    const login = ['-u', LOGIN.username, '-p', LOGIN.password];
    await skopeo('login', '--tls-verify=false', '--authfile', file, ...login, host);
    const before = [readFileSync(file, 'utf8'), statSync(file).mtimeMs];
    expect(await client.registries.suggestions()).toContainEqual({
      host,
      label: host,
      source: 'podman-config',
      hasCredential: true,
      username: 'alice',
    });
    // A new client: the old one has just looked in vain, and waits some seconds before it looks again.
    await client.registries.update({ id, host: `http://${host}`, auth: { kind: 'config' } });
    expect(await client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
    expect(await client.accounts.explain({ id })).toMatchObject({
      kind: 'password',
      username: 'alice',
      why: `from ${file}, key ${host}`,
    });
    expect([readFileSync(file, 'utf8'), statSync(file).mtimeMs]).toEqual(before);
    expect(backend.logger.text()).not.toMatch(new RegExp(`${LOGIN.password}|${encodeAuth('alice', LOGIN.password)}`));
  });

  it('takes the credential of a login made by docker', async () => {
    const home = configHome();
    const { host, client, add } = await setUp(home);
    home.write('.docker/config.json', { auths: { [host]: { auth: encodeAuth('alice', LOGIN.password) } } });
    const { id } = await add();
    expect(await client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
  });

  it('takes what a credential helper answers, and never writes it down', async () => {
    const home = configHome();
    home.addHelper('vault', answering('alice', LOGIN.password));
    home.write('.docker/config.json', { credsStore: 'vault' });
    const { host, client, add, backend } = await setUp(home);
    const { id } = await add();
    expect(await client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
    const explained = await client.accounts.explain({ id });
    expect(explained.considered).toMatchObject([
      { source: 'helper', place: 'docker-credential-vault', key: host, outcome: 'used' },
      { source: 'docker-config', place: home.dockerFile, outcome: 'not-reached' },
      { source: 'podman-config', outcome: 'not-reached' },
    ]);
    expect(JSON.stringify(explained) + backend.logger.text()).not.toContain(LOGIN.password);
  });

  it('A16 tells of the helper that failed, and sends nothing of another store', async () => {
    const home = configHome();
    home.addHelper('broken', 'echo "the vault is sealed" >&2; exit 1');
    home.write('.docker/config.json', {
      auths: { '127.0.0.1': { auth: encodeAuth('alice', LOGIN.password) } },
      credsStore: 'broken',
    });
    const { client, add } = await setUp(home);
    const { id } = await add();
    const data = {
      kind: 'credential-helper',
      helper: 'broken',
      reason: 'failed',
      source: home.dockerFile,
      detail: 'exit status 1',
    };
    await expect(client.repositories.list({ registryId: id })).rejects.toMatchObject({ data });
    await expect(client.accounts.explain({ id })).rejects.toMatchObject({ data });
  });

  it('A16 sends no byte of any secret to a registry whose helper fails', async () => {
    await using fake = await startFakeRegistry(() => ({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="r"' },
    }));
    const home = configHome();
    home.addHelper('broken', 'echo "<html>not a helper</html>"');
    const auth = encodeAuth('alice', LOGIN.password);
    home.write('.docker/config.json', { auths: { [fake.host]: { auth } }, credHelpers: { [fake.host]: 'broken' } });
    home.write('.config/containers/auth.json', { auths: { [fake.host]: { auth } } });
    const { client } = await setUp(home, { XDG_CONFIG_HOME: join(home.dir, '.config') });
    const { id } = await client.registries.add({ host: `http://${fake.host}`, auth: { kind: 'config' } });
    await expect(client.tags.list({ registryId: id, repository: 'team/app' })).rejects.toMatchObject({
      data: { kind: 'credential-helper', reason: 'bad-answer' },
    });
    expect(fake.requests.length).toBeGreaterThan(0);
    expect(fake.received).not.toMatch(/authorization|alice/i);
  });

  it('asks a helper again when its credential is refused', async () => {
    const home = configHome();
    const answer = join(home.dir, 'answer');
    home.addHelper('rotating', `cat >/dev/null; cat '${answer}'`);
    const say = (Secret: string) => writeFileSync(answer, JSON.stringify({ Username: 'alice', Secret }));
    say('of-yesterday');
    home.write('.docker/config.json', { credsStore: 'rotating' });
    const { client, add } = await setUp(home);
    const { id } = await add();
    expect(await client.accounts.explain({ id })).toMatchObject({ kind: 'password' });
    say(LOGIN.password);
    expect(await client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
  });

  it('leaves an anonymous registry anonymous, whatever the files hold', async () => {
    const home = configHome();
    const { host, client } = await setUp(home);
    home.write('.docker/config.json', { auths: { [host]: { auth: encodeAuth('alice', LOGIN.password) } } });
    const { id } = await client.registries.add({ host: `http://${host}`, auth: { kind: 'anonymous' } });
    await expect(client.repositories.list({ registryId: id })).rejects.toMatchObject({
      data: { kind: 'unauthorized' },
    });
    expect(await client.accounts.explain({ id })).toEqual({
      kind: 'anonymous',
      why: 'this registry is used without signing in',
      considered: [
        {
          source: 'docker-config',
          place: home.dockerFile,
          outcome: 'not-reached',
          detail: 'it holds a credential for this registry',
        },
      ],
    });
  });

  it('keeps accounts of one registry apart', async () => {
    const home = configHome();
    const { host, client, add } = await setUp(home);
    home.write('.docker/config.json', { auths: { [host]: { auth: encodeAuth('alice', LOGIN.password) } } });
    const fromConfig = await add();
    const auth = { kind: 'password', username: 'bob', secret: 'not-in' } as const;
    const bob = await client.registries.add({ host: `http://${host}`, auth });
    const alice = await client.registries.add({
      host: `http://${host}`,
      auth: { kind: 'password', username: 'alice', secret: LOGIN.password },
    });
    expect(new Set([fromConfig, bob, alice].map((each) => each.keychainName)).size).toBe(3);
    await expect(client.repositories.list({ registryId: bob.id })).rejects.toMatchObject({
      data: { kind: 'unauthorized' },
    });
    for (const { id } of [fromConfig, alice]) {
      expect(await client.repositories.list({ registryId: id })).toMatchObject({ repositories: [] });
    }
  });
});
