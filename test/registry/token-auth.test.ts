import { describe, expect, it } from 'vitest';
import type { RegistryCredential } from '#main/core/registry/registry-client.ts';
import { selfSigned } from '#test/support/certificates.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { type Engine, password, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { type IssuerOptions, startTokenIssuer, type TokenIssuer } from '#test/support/token-issuer.ts';
import { hasTools } from '#test/support/tools.ts';

const minutes = () => 300;
const alice = password('alice', 'wonderland');

type Met = {
  readonly issuer: TokenIssuer;
  /** A client of the registry as somebody. */
  readonly engineAs: (credential: RegistryCredential | undefined) => Engine;
};

/** docker-registry, which trusts the tokens of our own issuer. */
async function meet(
  options: Partial<IssuerOptions>,
  lifetimeSeconds: () => number,
  run: (met: Met) => Promise<void>,
): Promise<void> {
  const certificate = await selfSigned();
  const names = { service: 'gantry test', issuer: 'gantry test issuer' };
  const users = { alice: 'wonderland' };
  const allow: IssuerOptions['allow'] = (user, type) => (user === 'alice' && type === 'repository' ? ['pull'] : []);
  await using issuer = await startTokenIssuer({
    ...names,
    certificate,
    users,
    allow,
    ...options,
    get lifetimeSeconds() {
      return lifetimeSeconds();
    },
  });
  const realm = `http://localhost:${issuer.port}/token`;
  await using registry = await startDockerRegistry({
    auth: { kind: 'token', realm, ...names, certificate: certificate.certificate },
  });
  const engineAs = (credential: RegistryCredential | undefined) =>
    startEngine(`localhost:${registry.port}`, {
      connection: { trustedTokenHosts: [`localhost:${issuer.port}`] },
      ...(credential !== undefined && { credential }),
    });
  await run({ issuer, engineAs });
}

/** Let in: the registry says that it has no such repository, which it tells nobody else. */
async function expectLetIn(engine: Engine, repository = 'acme/web'): Promise<void> {
  const error = await registryErrorOf(engine.client.listTags({ repository }));
  expect(error.failure).toMatchObject({ kind: 'not-found', what: 'repository' });
}

describe.skipIf(!hasTools('docker-registry', 'openssl'))('docker-registry with token auth', () => {
  it('lets an identity token in, traded by POST', async () => {
    await meet({ oauth2: true }, minutes, async ({ issuer, engineAs }) => {
      const secret = issuer.refreshTokenFor('alice');
      await using engine = engineAs({ kind: 'identity', secret });
      await expectLetIn(engine);
      await expectLetIn(engine, 'acme/api');
      expect(issuer.grants).toEqual(
        ['acme/web', 'acme/api'].map((name) => ({
          method: 'POST',
          kind: 'refresh_token',
          user: 'alice',
          scopes: [`repository:${name}:pull`],
          status: 200,
        })),
      );
    });
  });

  it('lets an identity token in where the token server knows GET alone', async () => {
    await meet(
      { users: { '<token>': 'identity' }, allow: (user) => (user === '<token>' ? ['pull'] : []) },
      minutes,
      async ({ issuer, engineAs }) => {
        await using engine = engineAs({ kind: 'identity', secret: 'identity' });
        await expectLetIn(engine);
        expect(issuer.grants.map(({ kind, user }) => [kind, user])).toEqual([['basic', '<token>']]);
      },
    );
  });

  // The registry takes a token for a minute after it has expired, so the first one is good for about two seconds.
  it('has a token that ran out renewed once, for all who need it, and nobody notices', async () => {
    const lifetimes = [-58];
    await meet(
      {},
      () => lifetimes.pop() ?? 300,
      async ({ issuer, engineAs }) => {
        await using engine = engineAs(alice);
        const grantsAfterFifty = async () => {
          await Promise.all(Array.from({ length: 50 }, () => expectLetIn(engine)));
          return issuer.grants.length;
        };
        await expect.poll(grantsAfterFifty, { interval: 250 }).toBe(2);
        expect(await grantsAfterFifty()).toBe(2);
      },
    );
  });

  it('says that the password is wrong, by the token server', async () => {
    await meet({}, minutes, async ({ engineAs }) => {
      await using engine = engineAs(password('alice', 'canary-wrong'));
      const error = await registryErrorOf(engine.client.listTags({ repository: 'acme/web' }));
      expect(error.failure).toMatchObject({
        kind: 'unauthorized',
        hadCredential: true,
        codes: [{ code: 'UNAUTHORIZED', message: 'wrong password' }],
      });
      expect(error.trace).toMatchObject({ hop: 'token', status: 401 });
      expect(JSON.stringify([error.failure, error.message, engine.log])).not.toContain('canary');
    });
  });

  it('asks somebody unknown to sign in, and does not speak of rights', async () => {
    await meet({}, minutes, async ({ engineAs }) => {
      await using engine = engineAs(undefined);
      const error = await registryErrorOf(engine.client.listTags({ repository: 'acme/web' }));
      expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: false });
    });
  });

  it('says that it is rights which lack to somebody who may not, after one token', async () => {
    await meet({ allow: () => [] }, minutes, async ({ issuer, engineAs }) => {
      await using engine = engineAs(alice);
      const error = await registryErrorOf(engine.client.listTags({ repository: 'acme/web' }));
      expect(error.failure).toMatchObject({ kind: 'forbidden', codes: [{ code: 'UNAUTHORIZED' }] });
      expect(error.trace).toMatchObject({ hop: 'registry', status: 401 });
      expect(issuer.grants).toHaveLength(1);
    });
  });
});
