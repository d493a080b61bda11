import { describe, expect, it } from 'vitest';
import { OciError } from '#shared/oci/oci-error.ts';
import {
  canonicalRegistryHost,
  hostWithPort,
  parseRegistryHost,
  type RegistryScheme,
} from '#shared/oci/registry-host.ts';
import { attempt } from '#test/support/attempt.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type HostVector = { readonly id: string; readonly kind: string; readonly scheme: RegistryScheme };
type CanonicalVector = HostVector & { readonly address: string; readonly expect: { readonly canonical: string } };
type EqualVector = HostVector & {
  readonly a: string;
  readonly b: string;
  readonly expect: { readonly equal: boolean };
};

// The third kind in the file, which scheme a URL gets, is the transport's business.
describe('vectors of canonical hosts', () => {
  const vectors = loadVectors<HostVector>('canonical-hosts');

  it.skipIf(!hasVectors)('lie beside the project', () => {
    expect(vectors).not.toEqual([]);
  });

  it.each(vectors.filter((vector): vector is CanonicalVector => vector.kind === 'canonical'))('$id', (vector) => {
    expect(hostWithPort(vector.address, vector.scheme)).toBe(vector.expect.canonical);
  });

  it.each(vectors.filter((vector): vector is EqualVector => vector.kind === 'equal'))('$id', (vector) => {
    const isSame = hostWithPort(vector.a, vector.scheme) === hostWithPort(vector.b, vector.scheme);
    expect(isSame).toBe(vector.expect.equal);
  });
});

describe('parseRegistryHost', () => {
  it.each([
    ['docker.io', { host: 'docker.io' }],
    ['https://index.docker.io/v1/', { host: 'docker.io', scheme: 'https' }],
    [' https://Reg.Example:5000/v2/ ', { host: 'reg.example:5000', scheme: 'https' }],
    ['HTTP://reg.example:80', { host: 'reg.example', scheme: 'http' }],
    ['https://reg.example:443/', { host: 'reg.example', scheme: 'https' }],
    ['reg.example:443', { host: 'reg.example:443' }],
    ['https://reg.example:8443//', { host: 'reg.example:8443', scheme: 'https' }],
    ['registry', { host: 'registry' }],
    ['127.0.0.1:05000', { host: '127.0.0.1:5000' }],
    ['[::1]:5000', { host: '[::1]:5000' }],
    ['[2001:DB8::1]', { host: '[2001:db8::1]' }],
    ['xn--bcher-kva.example', { host: 'xn--bcher-kva.example' }],
  ])('reads %s', (text, expected) => {
    expect(parseRegistryHost(text)).toEqual(expected);
  });

  it.each([
    '',
    'https://',
    'reg.example:99999',
    'reg.example:0',
    'reg.example:',
    'reg.example:-1',
    'reg.example:80:80',
    'reg.example/team/app',
    'reg.example?x',
    'reg.example#x',
    'ftp://reg.example',
    'reg_example',
    '-reg.example',
    'reg..example',
    'bücher.example',
    'reg.example\nevil',
    '[::1',
    '::1',
    `${'/'.repeat(1_000_000)}x`,
  ])('refuses %.30j (N04)', (text) => {
    expect(() => parseRegistryHost(text)).toThrow(OciError);
  });

  it('refuses user and password without repeating them (N04)', () => {
    const { error } = attempt(() => parseRegistryHost('https://user:pw@reg.example'));
    expect(error).toMatchObject({ kind: 'host-syntax', input: '' });
    expect(String(error)).not.toContain('pw');
  });
});

describe('canonicalRegistryHost', () => {
  it('keeps Docker Hub names on another port apart', () => {
    expect(canonicalRegistryHost('index.docker.io:5000')).toBe('index.docker.io:5000');
  });

  it('changes nothing the second time', () => {
    for (const host of ['docker.io', 'reg.example:5000', '[::1]:5000', 'localhost']) {
      expect(canonicalRegistryHost(canonicalRegistryHost(host))).toBe(host);
    }
  });
});
