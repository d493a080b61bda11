import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDigest } from '#shared/oci/digest.ts';
import { uploadLocation, withDigest } from '#main/core/registry/remote/upload/location.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { endpointAt } from '#test/support/endpoint.ts';

const REGISTRY = 'https://registry.test:8443';
const digest = parseDigest(`sha256:${'a'.repeat(64)}`);

const read = (location: string, options: { readonly hosts?: readonly string[]; readonly basePath?: string } = {}) => {
  const rules = {
    endpoint: endpointAt(REGISTRY, { basePath: options.basePath ?? '' }),
    uploadHosts: options.hosts ?? [],
  };
  const url = new URL(`${REGISTRY}/v2/acme/web/blobs/uploads/`);
  return uploadLocation(
    { headers: { location }, url, trace: { method: 'POST', url: REGISTRY, hop: 'registry' } },
    rules,
  );
};
/** Where it leads, or what it is refused as. */
const outcome = (...args: Parameters<typeof read>): string => {
  try {
    return read(...args).href;
  } catch (error) {
    if (error instanceof RegistryError) return error.kind;
    throw error;
  }
};

/** Legal in a path or query, and left alone by every reader. */
const LEGAL = Array.from('abzAZ09-._~!$&()*+,;=:@%2F/?');

describe('uploadLocation', () => {
  it.each([
    ['/v2/a/blobs/uploads/x?_state=a%2Fb+c==', `${REGISTRY}/v2/a/blobs/uploads/x?_state=a%2Fb+c==`],
    ['x?y', `${REGISTRY}/v2/acme/web/blobs/uploads/x?y`],
    ['?y', `${REGISTRY}/v2/acme/web/blobs/uploads/?y`],
    ['/artifacts-uploads/namespaces/p/uploads/x', `${REGISTRY}/artifacts-uploads/namespaces/p/uploads/x`],
    ['http://registry.test/v2/x', `${REGISTRY}/v2/x`],
    ['https://registry.test/v2/x', `${REGISTRY}/v2/x`],
    ['http://REGISTRY.test:5000/v2/x', `${REGISTRY}/v2/x`],
    [`${REGISTRY}//evil.test/x`, `${REGISTRY}//evil.test/x`],
    [`${REGISTRY}/v2/x#part`, `${REGISTRY}/v2/x`],
    ['https://evil.test/x', 'untrusted-host'],
    ['//evil.test/x', 'untrusted-host'],
    ['https://registry.test.evil.test/x', 'untrusted-host'],
    ['http://evil.test/x', 'protocol'],
    ['https://alice:pw@registry.test/x', 'protocol'],
    ['https://registry.test@evil.test/x', 'protocol'],
    ['ftp://registry.test/x', 'protocol'],
    ['javascript:alert(1)', 'protocol'],
    ['/a b', 'protocol'],
    ['/\\evil.test', 'protocol'],
    ['https://[::1', 'protocol'],
  ])('of %s is %s (U01, U02)', (location, wanted) => {
    expect(outcome(location)).toBe(wanted);
  });

  it('takes another host by https alone, and by its port (U01)', () => {
    const hosts = ['storage.test', 'other.test:8443'];
    expect(outcome('https://storage.test/x?sig=1', { hosts })).toBe('https://storage.test/x?sig=1');
    expect(outcome('https://other.test:8443/x', { hosts })).toBe('https://other.test:8443/x');
    expect(outcome('https://other.test/x', { hosts })).toBe('untrusted-host');
    expect(outcome('https://storage.test:444/x', { hosts })).toBe('untrusted-host');
    expect(outcome('http://storage.test/x', { hosts })).toBe('protocol');
  });

  it('puts back the prefix of an API that a proxy has taken off', () => {
    const basePath = '/registry';
    expect(outcome('/v2/a/blobs/uploads/x?y', { basePath })).toBe(`${REGISTRY}/registry/v2/a/blobs/uploads/x?y`);
    expect(outcome('/registry/v2/a/blobs/uploads/x', { basePath })).toBe(`${REGISTRY}/registry/v2/a/blobs/uploads/x`);
    expect(outcome('/other/x', { basePath })).toBe(`${REGISTRY}/other/x`);
  });

  it('leads nowhere but to the registry, whatever the header holds (U01)', () => {
    const part = fc.constantFrom(
      '//',
      '/',
      '\\',
      'evil.test',
      'registry.test',
      '@',
      ':',
      '?',
      '#',
      'https:',
      'http:',
      '.',
      '..',
      '%2f',
      '%5c',
      ':8443',
      'v2',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const where = outcome(parts.join(''));
        const isAtRegistry = URL.parse(where)?.origin === REGISTRY;
        expect(isAtRegistry || where === 'protocol' || where === 'untrusted-host').toBe(true);
      }),
    );
  });

  it('keeps path and query byte for byte, and adds the digest', () => {
    const segment = fc.string({
      unit: fc.constantFrom(...LEGAL.filter((each) => !'/?.%'.includes(each))),
      minLength: 1,
      maxLength: 20,
    });
    const query = fc.string({ unit: fc.constantFrom(...LEGAL), minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(segment, query, (path, state) => {
        const url = withDigest(read(`/v2/${path}?${state}`), digest);
        const joint = state.endsWith('&') ? '' : '&';
        expect(`${url.pathname}${url.search}`).toBe(`/v2/${path}?${state}${joint}digest=${digest}`);
      }),
    );
  });
});

describe('withDigest', () => {
  it.each([
    ['/x', `/x?digest=${digest}`],
    ['/x?', `/x?digest=${digest}`],
    ['/x?a', `/x?a&digest=${digest}`],
    ['/x?a=%2F&', `/x?a=%2F&digest=${digest}`],
  ])('of %s is %s', (location, wanted) => {
    const url = withDigest(new URL(location, REGISTRY), digest);
    expect(url.href).toBe(`${REGISTRY}${wanted}`);
  });
});
