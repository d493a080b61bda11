import { describe, expect, it } from 'vitest';
import { checkRealm } from '#main/core/registry/auth/realm.ts';
import { isTrustedTokenHost } from '#main/core/registry/auth/token-hosts.ts';
import { classifyAddress } from '#main/core/registry/transport/address-policy.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type RealmVector = {
  readonly id: string;
  readonly realm: string;
  readonly registryHost: string;
  readonly insecure: boolean;
  readonly redirectTo?: string;
  readonly expect: { readonly allowed: boolean };
};

const trace = { method: 'GET', url: 'https://registry.test/v2/', hop: 'registry' } as const;

function check(realm: string, registry: string): URL | string {
  try {
    return checkRealm(realm, { registry: new URL(registry), trace, classify: classifyAddress });
  } catch (error) {
    if (error instanceof RegistryError) return error.kind;
    throw error;
  }
}

// The vector with a redirect is about the token call: ours follows none (A07), which the hostile cases prove.
const vectors = loadVectors<RealmVector>('realm-urls', (vector) => vector.redirectTo === undefined);

describe.skipIf(!hasVectors)('checkRealm on the shared vectors', () => {
  it.each(vectors)('$id', ({ realm, registryHost, insecure, expect: expected }) => {
    const registry = `${insecure ? 'http' : 'https'}://${registryHost === '' ? 'registry.test' : registryHost}`;
    expect(check(realm, registry) instanceof URL).toBe(expected.allowed);
  });
});

describe('checkRealm', () => {
  it('resolves a relative realm against the registry (A05)', () => {
    expect(String(check('/token/', 'https://registry.test'))).toBe('https://registry.test/token/');
  });

  it.each(['127.1', '2130706433', '0', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'refuses the literal address %s (A03)',
    (host) => {
      expect(check(`https://${host}/token`, 'https://registry.test')).toBe('untrusted-host');
    },
  );

  it.each([
    ['http://192.168.1.5:5001/auth', 'http://192.168.1.5:5000'],
    ['https://10.0.0.7/auth', 'https://10.0.0.7:5000'],
    ['http://[fd00::5]:5001/auth', 'http://[FD00:0:0::5]:5000'],
    ['http://192.168.1.5:5001/auth', 'http://3232235781:5000'],
  ])('takes %s, another port of the literal address %s itself (A05)', (realm, registry) => {
    expect(String(check(realm, registry))).toBe(realm);
  });

  it.each([
    ['http://192.168.1.6:5000/auth', 'http://192.168.1.5:5000'],
    ['http://127.0.0.1:5001/auth', 'http://192.168.1.5:5000'],
    ['http://127.0.0.1:5001/auth', 'http://127.0.0.1:5000'],
    ['http://[::1]:5001/auth', 'http://[::1]:5000'],
    ['http://[::ffff:192.168.1.5]:5001/auth', 'http://192.168.1.5:5000'],
    ['http://169.254.169.254:81/auth', 'http://169.254.169.254'],
    ['http://0.0.0.0:5001/auth', 'http://0.0.0.0:5000'],
  ])('refuses %s for %s (A03)', (realm, registry) => {
    expect(check(realm, registry)).toBe('untrusted-host');
  });

  it.each([
    'https://user:pw@auth.test/token',
    'https:\\\\auth.test/token',
    'https://auth.test/to\tken',
    'https://auth.test/to ken',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'null://token',
    'https://',
    '',
  ])('refuses %j (A06)', (realm) => {
    expect(check(realm, 'https://registry.test')).toBe('protocol');
  });

  it('refuses plain http for an https registry, and takes it for an http one (A02)', () => {
    expect(check('http://auth.test/token', 'https://registry.test')).toBe('protocol');
    expect(check('http://auth.test/token', 'http://registry.test')).toBeInstanceOf(URL);
  });
});

describe('the error of checkRealm', () => {
  it('shows the header as it came', () => {
    const header = 'Bearer realm="null://x"';
    const check = () =>
      checkRealm('null://x', { registry: new URL('https://registry.test'), trace, classify: classifyAddress, header });
    expect(check).toThrow(`the realm has the scheme null:; WWW-Authenticate: ${header}`);
  });
});

describe('isTrustedTokenHost', () => {
  it.each([
    ['https://auth.docker.io/token', 'https://registry-1.docker.io', [], true],
    ['https://auth.docker.io:8443/token', 'https://registry-1.docker.io', [], false],
    ['https://gitlab.com/jwt/auth', 'https://registry.gitlab.com', [], true],
    ['https://ghcr.io/token', 'https://ghcr.io', [], true],
    ['https://registry.test:5001/auth', 'https://registry.test:5000', [], true],
    ['https://auth.docker.io/token', 'https://registry.test', [], false],
    ['https://evil.test/token', 'https://registry.test', [], false],
    ['https://auth.test/token', 'https://registry.test', ['auth.test'], true],
    ['https://auth.test:444/token', 'https://registry.test', ['auth.test'], false],
    ['https://registry.test.evil.test/', 'https://registry.test', [], false],
    ['https://auth.test/token', 'https://registry.test', ['auth.test:443'], true],
    ['http://auth.test:443/token', 'http://registry.test', ['auth.test'], false],
    ['https://auth.test/token', 'https://registry.test', ['not a host', ''], false],
    ['https://ghcr.io/token', 'https://lscr.io', [], true],
    ['https://lscr.io/token', 'https://ghcr.io', [], false],
    ['https://authn.nvidia.com/token', 'https://nvcr.io', [], true],
    ['https://api.scaleway.com/registry-internal/v1/regions/fr-par/tokens', 'https://rg.fr-par.scw.cloud', [], true],
    ['https://dockerauth.cn-hangzhou.aliyuncs.com/auth', 'https://registry.cn-shanghai.aliyuncs.com', [], true],
    ['https://dockerauth.oss-cn-hangzhou.aliyuncs.com/auth', 'https://registry.cn-shanghai.aliyuncs.com', [], false],
    ['https://dockerauth.cn-hangzhou.aliyuncs.com/auth', 'https://aliyuncs.com.evil.test', [], false],
    ['http://gitlab.com/jwt/auth', 'http://registry.gitlab.com', [], false],
    ['https://gitlab.com/jwt/auth', 'https://registry.gitlab.com:5000', [], false],
    ['https://auth.docker.io/token', 'https://evilregistry-1.docker.io', [], false],
    ['http://localhost:5000/token', 'http://localhost:5000', [], true],
    ['http://localhost:5001/token', 'http://localhost:5000', [], false],
    ['http://localhost:5001/token', 'http://localhost:5000', ['localhost:5001'], true],
    ['http://auth.localhost:5001/token', 'http://auth.localhost:5000', [], false],
    ['http://localhost.:5001/token', 'http://localhost.:5000', [], false],
  ] as const)('%s for %s with %j trusted: %s', (realm, registry, trusted, expected) => {
    expect(isTrustedTokenHost(new URL(realm), new URL(registry), trusted)).toBe(expected);
  });
});
