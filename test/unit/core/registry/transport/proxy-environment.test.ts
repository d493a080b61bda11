import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProxyDecision, readExceptions, systemProxies } from '#main/core/registry/transport/proxy-environment.ts';
import { parseProxyUrl } from '#main/core/registry/transport/proxy-url.ts';

const shown = (decision: ProxyDecision) => {
  if (decision.kind === 'direct') return 'direct';
  return decision.kind === 'proxy' ? decision.server.url.href : decision.variable;
};
const proxyFor = (variables: Record<string, string>, url: string) => shown(systemProxies(variables)(new URL(url)));

describe('systemProxies', () => {
  it.each([
    ['nothing is set', {}, 'https://a.test', 'direct'],
    ['HTTPS_PROXY is for https', { HTTPS_PROXY: 'http://p:1' }, 'https://a.test', 'http://p:1/'],
    ['HTTPS_PROXY is not for http', { HTTPS_PROXY: 'http://p:1' }, 'http://a.test', 'direct'],
    ['HTTP_PROXY is for http', { HTTP_PROXY: 'http://p:1' }, 'http://a.test', 'http://p:1/'],
    ['HTTP_PROXY is not for https', { HTTP_PROXY: 'http://p:1' }, 'https://a.test', 'direct'],
    ['ALL_PROXY is for both', { ALL_PROXY: 'http://p:1' }, 'https://a.test', 'http://p:1/'],
    [
      'the special one counts before ALL_PROXY',
      { ALL_PROXY: 'http://p:1', HTTPS_PROXY: 'http://q:2' },
      'https://a.test',
      'http://q:2/',
    ],
    [
      'lower case counts before upper',
      { https_proxy: 'http://p:1', HTTPS_PROXY: 'http://q:2' },
      'https://a.test',
      'http://p:1/',
    ],
    ['an empty variable is none', { https_proxy: ' ', HTTPS_PROXY: 'http://q:2' }, 'https://a.test', 'http://q:2/'],
    ['the scheme may be left out', { HTTPS_PROXY: 'p:3128' }, 'https://a.test', 'http://p:3128/'],
    ['a proxy may speak TLS', { HTTPS_PROXY: 'https://p' }, 'https://a.test', 'https://p/'],
    ['loopback is never proxied', { ALL_PROXY: 'http://p:1' }, 'https://127.0.0.9:5000', 'direct'],
    ['nor is ::1', { ALL_PROXY: 'http://p:1' }, 'http://[::1]:5000', 'direct'],
    ['nor localhost', { ALL_PROXY: 'http://p:1' }, 'https://Localhost', 'direct'],
    ['nor names below it', { ALL_PROXY: 'http://p:1' }, 'https://x.localhost', 'direct'],
    ['a private address is', { ALL_PROXY: 'http://p:1' }, 'https://10.0.0.1', 'http://p:1/'],
    ['SOCKS is not gone around', { all_proxy: 'socks5://p:1' }, 'https://a.test', 'all_proxy'],
    ['nonsense is not gone around', { HTTPS_PROXY: 'http://a b' }, 'https://a.test', 'HTTPS_PROXY'],
  ])('%s', (_name, variables, url, expected) => {
    expect(proxyFor(variables, url)).toBe(expected);
  });

  it('takes the password out of the address', () => {
    const decision = systemProxies({ HTTPS_PROXY: 'http://bob:p%40ss%zz@p:1' })(new URL('https://a.test'));
    expect(decision).toMatchObject({
      kind: 'proxy',
      server: { authorization: `Basic ${Buffer.from('bob:p%40ss%zz').toString('base64')}` },
    });
    expect(shown(decision)).toBe('http://p:1/');
  });

  it('reads any text as a proxy, another kind of one, or none, and keeps no password in the address', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseProxyUrl(text);
        if (parsed === undefined || parsed === 'unsupported') return;
        expect(parsed.url.username + parsed.url.password).toBe('');
        expect(['http:', 'https:']).toContain(parsed.url.protocol);
        expect(parsed.url.href).toBe(`${parsed.url.origin}/`);
      }),
    );
    expect(parseProxyUrl('bob:secret@proxy.test:3128')).toMatchObject({ authorization: expect.any(String) });
  });
});

describe('readExceptions', () => {
  it.each([
    ['*', 'https://a.test', true],
    ['a.test', 'https://a.test', true],
    ['a.test', 'https://A.TEST:8443', true],
    ['a.test', 'https://x.y.a.test', true],
    ['a.test', 'https://aa.test', false],
    ['.a.test', 'https://x.a.test', true],
    ['.a.test', 'https://a.test', false],
    ['*.a.test', 'https://x.a.test', true],
    ['*.a.test', 'https://a.test', false],
    ['a.test:5000', 'https://a.test:5000', true],
    ['a.test:5000', 'https://a.test', false],
    ['a.test:443', 'https://a.test', true],
    ['a.test:80', 'http://a.test', true],
    ['10.0.0.0/8', 'https://10.200.3.4', true],
    ['10.0.0.0/8', 'https://11.0.0.1', false],
    ['10.0.0.0/8', 'https://ten.test', false],
    ['10.1.2.3', 'https://10.1.2.3:5000', true],
    ['10.1.2.3:5000', 'https://10.1.2.3:5000', true],
    ['10.1.2.3:5000', 'https://10.1.2.3', false],
    ['2001:db8::/32', 'https://[2001:db8::1]', true],
    ['2001:db8::1', 'https://[2001:0db8:0::1]', true],
    ['[2001:db8::1]:5000', 'https://[2001:db8::1]:5000', true],
    ['[2001:db8::1]:5000', 'https://[2001:db8::1]', false],
    ['x.test, a.test  b.test', 'https://b.test', true],
    ['10.0.0.0/33,/,.,:,a.test:x', 'https://a.test', false],
    ['', 'https://a.test', false],
  ])('%s on %s: %s', (text, url, expected) => {
    expect(readExceptions(text)(new URL(url))).toBe(expected);
  });

  it('reads any text', () => {
    const url = new URL('https://registry.example:5000');
    const check = (text: string) => {
      expect(readExceptions(text)(url)).toBeTypeOf('boolean');
    };
    fc.assert(fc.property(fc.string(), check));
    const entry = fc.constantFrom('10.0.0.0', 'a.test', '::1', '[::1]', '*', '.b', ':5000', '/8', '/', ',', ' ', '%');
    const texts = fc.array(entry).map((parts) => parts.join(''));
    fc.assert(fc.property(texts, check));
  });
});
