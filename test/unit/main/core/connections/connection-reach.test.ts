import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionChoice } from '#main/core/connections/connection-input.ts';
import { InvalidInputError } from '#main/core/gantry-error.ts';
import { endpointChoices, readBasePath } from '#main/core/registry/remote/endpoint.ts';
import { certificateAuthority, selfSigned } from '#test/support/certificates.ts';
import { choice, openTestBook as setUp, SECRET } from '#test/support/connection-book.ts';
import { lockKey } from '#test/support/lock-key.ts';

const unchanged = { auth: { kind: 'unchanged' } } as const;

function basePathOf(text: string): string | undefined {
  try {
    return readBasePath(text);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

const withKey = (pem: string, key: string, passphrase?: string): ConnectionChoice['tls'] => ({
  clientCertificate: { pem, key: { kind: 'set', pem: key, passphrase } },
});

describe('TLS', () => {
  it('keeps certificates in the row and the key in the store, and gives both to the client', async () => {
    const { book, credentials } = setUp();
    const authority = await certificateAuthority();
    const client = await authority.issue(['DNS:alice'], { client: true });
    const locked = await lockKey(client.key, 'canary-phrase');
    const tls = { caPem: authority.certificate, ...withKey(client.certificate, locked, 'canary-phrase') };
    const row = await book.add(choice({ tls }));
    expect(row.reach.clientKeyAccount).toBe(`registry.example.com, client key · ${row.id.slice(0, 6)}`);
    expect(credentials.accounts).toEqual(new Set([row.account, row.reach.clientKeyAccount]));
    expect(JSON.stringify(book.list())).not.toMatch(/PRIVATE KEY|canary-phrase/);
    expect((await book.connectionOf(row.id)).tls).toEqual({
      caPem: authority.certificate,
      client: { certificatePem: client.certificate, keyPem: locked, passphrase: 'canary-phrase' },
    });
  });

  it('keeps only certificates of a text in which a key stands too', async () => {
    const { book } = setUp();
    const { certificate, key } = await selfSigned();
    const bundle = `subject=someone\n${key}${certificate}\r\n# another\n${certificate}`;
    const row = await book.add(choice({ tls: { caPem: bundle, ...withKey(`${certificate}${key}`, bundle) } }));
    expect(row.reach.caPem).toBe(certificate + certificate);
    expect(row.reach.clientCertificatePem).toBe(certificate);
  });

  it('refuses what is no certificate, no key, locked, or of another pair, and repeats none of it', async () => {
    const { book, credentials } = setUp();
    const [one, other] = [await selfSigned(), await selfSigned()];
    const locked = await lockKey(one.key, 'right');
    const cases: ReadonlyArray<readonly [ConnectionChoice['tls'], string]> = [
      [{ caPem: 'canary' }, 'tls.caPem'],
      [{ caPem: '-----BEGIN CERTIFICATE-----\nY2FuYXJ5\n-----END CERTIFICATE-----' }, 'tls.caPem'],
      [withKey('canary', one.key), 'tls.clientCertificate.pem'],
      [withKey(one.certificate, 'canary'), 'tls.clientCertificate.key'],
      [withKey(one.certificate, other.key), 'tls.clientCertificate.key'],
      [withKey(one.certificate, locked), 'tls.clientCertificate.key'],
      [withKey(one.certificate, locked, 'canary'), 'tls.clientCertificate.key'],
      [{ clientCertificate: { pem: one.certificate, key: { kind: 'unchanged' } } }, 'tls.clientCertificate.key'],
    ];
    for (const [tls, path] of cases) {
      const error = await book.add(choice({ tls })).catch((error: unknown) => error);
      expect(error).toMatchObject({ kind: 'invalid-input', path });
      expect((error as Error).message).not.toMatch(/canary|Y2FuYXJ5/);
    }
    expect([book.list().length, credentials.accounts.size]).toEqual([1, 0]);
  });

  it('keeps the stored key for the same host and a certificate it belongs to', async () => {
    const { book } = setUp();
    const [one, other] = [await selfSigned(), await selfSigned()];
    const { id } = await book.add(choice({ tls: withKey(one.certificate, one.key) }));
    const keep = (pem: string) => ({ clientCertificate: { pem, key: { kind: 'unchanged' } } }) as const;
    await book.update(id, choice({ label: 'Work', tls: keep(one.certificate) }));
    expect((await book.connectionOf(id)).tls?.client?.keyPem).toBe(one.key);
    const refusal = { kind: 'invalid-input', path: 'tls.clientCertificate.key' };
    await expect(book.update(id, choice({ tls: keep(other.certificate) }))).rejects.toMatchObject(refusal);
    const elsewhere = choice({ host: 'evil.example', tls: keep(one.certificate) });
    await expect(book.update(id, elsewhere)).rejects.toMatchObject(refusal);
    await expect(book.trialConnection(elsewhere, id)).rejects.toMatchObject(refusal);
  });

  it('deletes the key when the certificate goes, and with the registry', async () => {
    const { book, credentials } = setUp();
    const { certificate, key } = await selfSigned();
    const tls = withKey(certificate, key);
    const { id, account } = await book.add(choice({ tls }));
    await book.update(id, choice());
    expect([...credentials.accounts]).toEqual([account]);
    await book.update(id, choice({ tls }));
    expect(credentials.accounts.size).toBe(2);
    await book.remove(id);
    expect(credentials.accounts.size).toBe(0);
  });

  it('says that the key is gone, rather than to go without it', async () => {
    const { book, credentials } = setUp();
    const { certificate, key } = await selfSigned();
    const row = await book.add(choice({ tls: withKey(certificate, key) }));
    await credentials.delete(row.reach.clientKeyAccount!);
    expect(await book.isThere(row.reach.clientKeyAccount)).toBe(false);
    const refusal = { kind: 'credential-store', reason: expect.stringContaining('choose it again') };
    await expect(book.connectionOf(row.id)).rejects.toMatchObject(refusal);
    await credentials.set(row.reach.clientKeyAccount!, 'not JSON canary');
    await expect(book.connectionOf(row.id)).rejects.toMatchObject({ kind: 'credential-store' });
  });
});

describe('proxy, prefixes and token hosts', () => {
  it.each([
    [
      { proxy: { kind: 'url', url: 'proxy.example:3128' } as const },
      { proxy: { kind: 'url', url: 'http://proxy.example:3128' } },
    ],
    [
      { proxy: { kind: 'url', url: ' https://Proxy.Example/ ' } as const },
      { proxy: { kind: 'url', url: 'https://proxy.example' } },
    ],
    [{ proxy: { kind: 'none' } as const }, { proxy: { kind: 'none' } }],
    [{ apiPrefix: 'registry/sub/' }, { apiPrefix: '/registry/sub' }],
    [{ apiPrefix: '/' }, { apiPrefix: '' }],
    [{ repositoryPrefix: '/hub/mirror/' }, { repositoryPrefix: 'hub/mirror' }],
    [
      { trustedTokenHosts: ['Auth.Example:443', 'https://auth.example/', '[::1]:5000'] },
      { trustedTokenHosts: ['auth.example', '[::1]:5000'] },
    ],
    [{ uploadHosts: ['Storage.Example:443', 'https://storage.example'] }, { uploadHosts: ['storage.example'] }],
    [{ uploadChunkBytes: 3_145_728 }, { uploadChunkBytes: 3_145_728 }],
  ])('takes %j as %j', async (changes, expected) => {
    const { book } = setUp();
    const { id, reach } = await book.add(choice(changes));
    expect(reach).toMatchObject(expected);
    expect(await book.connectionOf(id)).toMatchObject(expected);
  });

  it.each([
    [{ proxy: { kind: 'url', url: `http://u:${SECRET}@proxy.example` } as const }, 'proxy.url'],
    [{ proxy: { kind: 'url', url: 'socks5://proxy.example' } as const }, 'proxy.url'],
    [{ proxy: { kind: 'url', url: 'http://proxy.example/path' } as const }, 'proxy.url'],
    [{ proxy: { kind: 'url', url: 'no host' } as const }, 'proxy.url'],
    [{ apiPrefix: '/../admin' }, 'apiPrefix'],
    [{ apiPrefix: '/a//b' }, 'apiPrefix'],
    [{ apiPrefix: '/a?b' }, 'apiPrefix'],
    [{ repositoryPrefix: 'Upper' }, 'repositoryPrefix'],
    [{ repositoryPrefix: '../x' }, 'repositoryPrefix'],
    [{ trustedTokenHosts: ['u:p@evil.example'] }, 'trustedTokenHosts'],
    [{ trustedTokenHosts: ['evil.example/path'] }, 'trustedTokenHosts'],
    [{ trustedTokenHosts: [''] }, 'trustedTokenHosts'],
    [{ uploadHosts: ['http://storage.example'] }, 'uploadHosts'],
    [{ uploadHosts: ['u:p@storage.example'] }, 'uploadHosts'],
  ])('refuses %j at %s and repeats no secret', async (changes, path) => {
    const error = await setUp()
      .book.add(choice(changes))
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ kind: 'invalid-input', path });
    expect((error as Error).message).not.toContain(SECRET);
  });

  it('never throws anything but invalid input, whatever was typed', async () => {
    const { book } = setUp();
    const text = fc.string({ unit: 'binary-ascii' });
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (url, apiPrefix, repositoryPrefix, host) => {
        const reach = { proxy: { kind: 'url', url } as const, apiPrefix, repositoryPrefix, trustedTokenHosts: [host] };
        const outcome = await book.trialConnection(choice(reach)).catch((error: unknown) => error);
        const isRefusal = (outcome as { kind?: string }).kind === 'invalid-input';
        expect(isRefusal || (outcome as { host?: string }).host === 'registry.example.com').toBe(true);
      }),
    );
  });

  it('saves the path it will use, and none that cannot be used', async () => {
    const { book } = setUp();
    const part = fc.constantFrom('/', 'v2', 'registry', '_a', '-x', '.hidden', '..', '~', ' ', 'a'.repeat(512));
    const path = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(path, async (apiPrefix) => {
        const outcome = await book.trialConnection(choice({ apiPrefix })).catch(() => undefined);
        const used = basePathOf(apiPrefix);
        expect(outcome?.apiPrefix).toBe(used);
        expect(readBasePath(used ?? '')).toBe(used ?? '');
      }),
      { numRuns: 500 },
    );
  });

  it.each(['/_registry', '/-x', '/.hidden', '/registry/v2'])('uses the path %s as it was saved', async (apiPrefix) => {
    const { book } = setUp();
    const { id, reach } = await book.add(choice({ apiPrefix }));
    const connection = await book.connectionOf(id);
    expect(endpointChoices(connection).first.basePath).toBe(reach.apiPrefix);
  });

  it('lists one host twice with different repository prefixes', async () => {
    const { book } = setUp();
    await book.add(choice());
    await book.add(choice({ repositoryPrefix: 'hub' }));
    await expect(book.add(choice({ repositoryPrefix: 'hub/' }))).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('a host that was found over https', () => {
  const host = '127.0.0.1:5443';

  it('is remembered as such until it is another host, or a person asks for plain http', async () => {
    const { book } = setUp();
    const { id } = await book.add(choice({ host }));
    expect(await book.connectionOf(id)).not.toHaveProperty('httpsSeen');
    (await book.connectionOf(id)).onHttpsSeen?.();
    await book.settled();
    expect(await book.connectionOf(id)).toMatchObject({ httpsSeen: true });
    await book.update(id, choice({ host, ...unchanged, label: 'Mine' }));
    await book.trustTokenHost(id, 'auth.example', true);
    await book.signOut(id);
    expect(await book.connectionOf(id)).toMatchObject({ httpsSeen: true });
    expect(await book.trialConnection(choice({ host }), id)).toMatchObject({ httpsSeen: true });
    for (const changes of [{ host, plainHttp: true }, { host: '127.0.0.1:5444' }]) {
      expect(await book.trialConnection(choice(changes), id)).not.toHaveProperty('httpsSeen');
    }
    await book.update(id, choice({ host, plainHttp: true }));
    expect((await book.update(id, choice({ host }))).reach).not.toHaveProperty('httpsSeen');
  });

  it('is not remembered of a row that has another host by then', async () => {
    const { book, logger } = setUp();
    const { id } = await book.add(choice({ host }));
    const before = await book.connectionOf(id);
    await book.update(id, choice({ host: '127.0.0.1:5444' }));
    before.onHttpsSeen?.();
    await book.settled();
    expect(book.get(id).reach).not.toHaveProperty('httpsSeen');
    expect(logger.lines).toEqual([]);
  });

  it('does not matter to a database that is closed already', async () => {
    const { book, storage, logger } = setUp();
    const { id } = await book.add(choice({ host }));
    const connection = await book.connectionOf(id);
    storage.close();
    connection.onHttpsSeen?.();
    await book.settled();
    expect(logger.lines).toMatchObject([{ event: 'connections.https-not-remembered' }]);
  });
});

describe('a stored secret', () => {
  const proxy = { kind: 'url', url: 'http://proxy.example:3128' } as const;

  it('is asked for again when another authority could read along', async () => {
    const { book } = setUp();
    const [one, other] = [await selfSigned(), await selfSigned()];
    const { id } = await book.add(choice({ tls: { caPem: one.certificate } }));
    await book.update(id, choice({ ...unchanged, tls: { caPem: one.certificate } }));
    const weaker = choice({ ...unchanged, tls: { caPem: other.certificate } });
    await expect(book.update(id, weaker)).rejects.toMatchObject({ kind: 'invalid-input', path: 'auth' });
    await book.update(id, choice({ ...unchanged, label: 'stricter' }));
  });

  it('is asked for again when a new proxy could read along, and not through verified TLS', async () => {
    const { book } = setUp();
    const { id } = await book.add(choice());
    await book.update(id, choice({ ...unchanged, proxy }));
    const plain = await book.add(choice({ host: 'http://plain.example' }));
    const moved = choice({ ...unchanged, host: 'http://plain.example', proxy });
    await expect(book.update(plain.id, moved)).rejects.toMatchObject({ kind: 'invalid-input', path: 'auth' });
  });

  it('does not follow to another path of the host, and keeps through an edit of the repository prefix', async () => {
    const { book } = setUp();
    const { id } = await book.add(choice({ apiPrefix: '/mine' }));
    const moved = choice({ ...unchanged, apiPrefix: '/evil' });
    await expect(book.update(id, moved)).rejects.toMatchObject({ kind: 'invalid-input', path: 'auth' });
    await book.update(id, choice({ ...unchanged, apiPrefix: '/mine', repositoryPrefix: 'hub' }));
    expect((await book.connectionOf(id)).credential).toMatchObject({ secret: SECRET });
  });

  it.each(['trustedTokenHosts', 'uploadHosts'] as const)('takes no %s along to another host', async (list) => {
    const { book } = setUp();
    const { id } = await book.add(choice({ [list]: ['old.example'] }));
    const moved = await book.update(id, choice({ host: 'other.example', [list]: ['old.example', 'new.example'] }));
    expect(moved.reach[list]).toEqual(['new.example']);
  });
});
