import { cleanApiPrefix, cleanRepositoryPrefix, fieldErrors } from '#renderer/lib/connect-checks.ts';
import { emptyForm, formOf, optionsSummary, readForm } from '#renderer/lib/connect-form.ts';
import type { ConnectForm } from '#renderer/lib/connect-types.ts';
import type { Registry } from '#shared/api/registries.ts';
import { selfSigned } from '#test/support/certificates.ts';
import { hasTools } from '#test/support/tools.ts';
import { describe, expect, it } from 'vitest';

const base: ConnectForm = { ...emptyForm, host: 'reg.example' };

function errorsOf(form: Partial<ConnectForm>) {
  const result = readForm({ ...base, ...form });
  return result.ok ? {} : result.errors;
}

describe('the options of a connection', () => {
  it.each(['', 'proxy:3128', 'ftp://proxy', 'http://user:pw@proxy:3128', 'http://proxy/path'])(
    'refuses %o as the address of a proxy',
    (proxyUrl) => {
      expect(Object.keys(errorsOf({ proxy: 'url', proxyUrl }))).toEqual(['proxyUrl']);
    },
  );

  it('sends the proxy that is chosen, and no address of one that is not', () => {
    const chosen = readForm({ ...base, proxy: 'url', proxyUrl: ' http://proxy:3128 ' });
    expect(chosen).toMatchObject({ input: { proxy: { kind: 'url', url: 'http://proxy:3128' } } });
    const none = readForm({ ...base, proxy: 'none', proxyUrl: 'not looked at' });
    expect(none).toMatchObject({ input: { proxy: { kind: 'none' } } });
  });

  it.each([
    ['registry/', '/registry'],
    ['/registry/v2/', '/registry'],
    ['/v2', ''],
    ['', ''],
    ['//a//b', '/a//b'],
  ])('makes %o the prefix %o', (typed, prefix) => {
    expect(cleanApiPrefix(typed)).toBe(prefix);
  });

  it('refuses prefixes that are none', () => {
    expect(Object.keys(errorsOf({ apiPrefix: '/a/../b' }))).toEqual(['apiPrefix']);
    expect(Object.keys(errorsOf({ apiPrefix: '/a?b' }))).toEqual(['apiPrefix']);
    expect(Object.keys(errorsOf({ repositoryPrefix: 'Not A Name' }))).toEqual(['repositoryPrefix']);
    expect(cleanRepositoryPrefix('/hub/')).toBe('hub');
  });

  it('refuses a size that no chunk may have', () => {
    const refused = (uploadChunk: string) => errorsOf({ uploadChunk }).uploadChunk !== undefined;
    const wrong = ['0', '0.05', '1025', '-1', '3 MiB', '1e3'];
    expect(wrong.filter(refused)).toEqual(wrong);
    expect(['', ' 4 ', '0.0625', '0,5', '1024'].filter(refused)).toEqual([]);
  });

  it('says in a few words what differs from the ordinary', () => {
    expect(optionsSummary(base)).toBe('');
    expect(optionsSummary({ ...base, plainHttp: true, proxy: 'none', trustedTokenHosts: ['a', 'b'] })).toBe(
      'plain HTTP, no proxy, 2 trusted token servers',
    );
    expect(optionsSummary({ ...base, uploadHosts: ['a'], uploadChunk: '4' })).toBe(
      'uploads to other servers, uploads in chunks',
    );
  });
});

describe.skipIf(!hasTools('openssl'))('certificates in a connection', () => {
  it('takes certificates, and nothing else, as an authority', async () => {
    const { certificate, key } = await selfSigned();
    expect(errorsOf({ caPem: certificate })).toEqual({});
    expect(errorsOf({ caPem: 'hello' }).caPem).toContain('no certificate');
    expect(errorsOf({ caPem: certificate + key }).caPem).toContain('private key');
    expect(errorsOf({ caPem: certificate.replace(/\n.{20}/, '\n') }).caPem).toContain('damaged');
  });

  it('asks for the key of a client certificate and for the certificate of a key', async () => {
    const { certificate, key } = await selfSigned();
    expect(Object.keys(errorsOf({ clientCertificatePem: certificate }))).toEqual(['clientKeyPem']);
    expect(Object.keys(errorsOf({ clientKeyPem: key }))).toEqual(['clientCertificatePem']);
    expect(readForm({ ...base, clientCertificatePem: certificate, clientKeyPem: key })).toMatchObject({
      input: { tls: { clientCertificate: { pem: certificate, key: { kind: 'set', pem: key } } } },
    });
  });

  it('keeps a stored key while its field is empty', async () => {
    const { certificate } = await selfSigned();
    const registry: Registry = {
      id: 'r1',
      host: 'reg.example',
      label: 'reg.example',
      kind: 'remote',
      plainHttp: false,
      skipVerification: false,
      auth: { kind: 'anonymous' },
      secret: 'none',
      tls: { clientCertificatePem: certificate, hasClientKey: true },
      proxy: { kind: 'system' },
      apiPrefix: '',
      repositoryPrefix: '',
      trustedTokenHosts: [],
      uploadHosts: [],
    };
    expect(readForm(formOf(registry), registry)).toMatchObject({
      input: { tls: { clientCertificate: { pem: certificate, key: { kind: 'unchanged' } } } },
    });
  });

  it('wants the passphrase of an encrypted key', () => {
    const locked = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----';
    expect(errorsOf({ clientKeyPem: locked }).clientKeyPassphrase).toContain('passphrase');
  });
});

describe('fieldErrors', () => {
  const issue = (path: string) => ({ kind: 'invalid-input' as const, issues: [{ path, message: 'is wrong' }] });

  it.each([
    ['host', 'host'],
    ['auth', 'secret'],
    ['auth.username', 'username'],
    ['auth.secret', 'secret'],
    ['tls.caPem', 'caPem'],
    ['tls.clientCertificate.pem', 'clientCertificatePem'],
    ['tls.clientCertificate.key', 'clientKeyPem'],
    ['tls.clientCertificate.key.passphrase', 'clientKeyPassphrase'],
    ['proxy.url', 'proxyUrl'],
    ['trustedTokenHosts.3', 'trustedTokenHosts'],
  ])('puts what is wrong with %s at the field %s', (path, field) => {
    expect(fieldErrors(issue(path))).toEqual({ [field]: 'Is wrong' });
  });

  it('leaves what is about no field, and other errors, to be shown whole', () => {
    expect(fieldErrors(issue('id'))).toBeUndefined();
    expect(fieldErrors({ kind: 'conflict', what: 'there' })).toBeUndefined();
    expect(fieldErrors(undefined)).toBeUndefined();
  });
});
