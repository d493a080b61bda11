import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactLine, redactUrl, scrubSecrets, shownHeaders } from '#main/core/registry/transport/redact.ts';

describe('redactUrl', () => {
  it('keeps host, path and harmless parameters', () => {
    expect(redactUrl('https://registry.test:5000/v2/a/tags/list?n=1000&last=b')).toBe(
      'https://registry.test:5000/v2/a/tags/list?n=1000&last=b',
    );
  });

  it('hides user, password, fragment and the value of every parameter it does not know', () => {
    expect(redactUrl('https://u:p@h.test/x?X-Amz-Signature=s&sig=t&n=1#frag')).toBe(
      'https://h.test/x?X-Amz-Signature=REDACTED&sig=REDACTED&n=1',
    );
  });

  it('hides a key that may be a secret itself', () => {
    const long = 'canary'.repeat(7);
    expect(redactUrl(`https://h.test/x?eyJzaWduYXR1cmUi.abc&${long}=1&canary=&n=`)).toBe(
      'https://h.test/x?REDACTED=REDACTED&REDACTED=REDACTED&REDACTED=REDACTED&n=',
    );
  });

  it('hides text that is no URL', () => {
    expect(redactUrl('secret')).toBe('REDACTED');
  });

  it('never shows the value of an unknown parameter, wherever it stands', () => {
    const name = fc.stringMatching(/^x[A-Za-z-]{0,10}$/);
    fc.assert(
      fc.property(fc.array(name, { maxLength: 5 }), (names) => {
        const url = new URL('https://h.test/v2/');
        for (const each of names) url.searchParams.append(each, 'canary');
        expect(redactUrl(url)).not.toContain('canary');
      }),
    );
  });
});

describe('redactLine', () => {
  it.each([
    ['realm="https://u:p@h.test/t?sig=canary&service=s"', 'realm="https://REDACTED@h.test/t?sig=REDACTED&service=s"'],
    ['realm="//u:canary@and@h.test/t"', 'realm="//REDACTED@h.test/t"'],
    ['/token?canary', '/token?REDACTED'],
    ['/token?a=1#canary', '/token?a=REDACTED#REDACTED'],
    [`/token?${'canary'.repeat(30)}=1`, '/token?REDACTED=REDACTED'],
    [String.raw`realm="/t?k=can\"ary",service="s"`, 'realm="/t?k=REDACTED",service="s"'],
    ['what? nothing & "no one"', 'what? nothing & "no one"'],
  ])('shows %s as %s', (line, shown) => {
    expect(redactLine(line)).toBe(shown);
  });

  it('never shows the value of a parameter that redactUrl hides, wherever it stands', () => {
    const name = fc.stringMatching(/^x[\w%.~-]{0,60}$/);
    const value = fc.stringMatching(/^[!'()*+,./:;=?@A-Za-z-]{0,10}$/).map((text) => `${text}canary${text}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 5 }), (pairs) => {
        const query = pairs.map(([key, text]) => `${key}=${text}`).join('&');
        expect(redactLine(`Bearer realm="/t?${query}",service="s"`)).not.toContain('canary');
      }),
    );
  });
});

describe('shownHeaders', () => {
  const base = new URL('https://registry.test/v2/');

  it('keeps the names of all and the values of the harmless, a line each', () => {
    const headers = { 'set-cookie': ['a', 'b'], 'content-type': 'a/b', 'x-none': undefined, 'x-api-key': 'k' };
    expect(shownHeaders(headers, base)).toEqual([
      ['set-cookie', '(hidden)'],
      ['set-cookie', '(hidden)'],
      ['content-type', 'a/b'],
      ['x-api-key', '(hidden)'],
    ]);
  });

  it('tells the scheme of Authorization and nothing else of it', () => {
    const shown = (authorization: string) => shownHeaders({ authorization }, base)[0]?.[1];
    expect(shown('Bearer canary')).toBe('Bearer (hidden, 6 characters)');
    expect(shown('Basic canary')).toBe('Basic (hidden)');
    expect(shown('canary')).toBe('(hidden)');
  });

  it('hides the queries of addresses', () => {
    const headers = {
      location: 'https://cdn.test/b?X-Amz-Signature=canary',
      link: '</v2/a/tags/list?last=v1&sig=canary>; rel="next"; token=canary',
    };
    expect(shownHeaders(headers, base)).toEqual([
      ['location', 'https://cdn.test/b?X-Amz-Signature=REDACTED'],
      ['link', '<https://registry.test/v2/a/tags/list?last=v1&sig=REDACTED>'],
    ]);
  });

  it('leaves out what is beyond 100 lines or 8,000 characters', () => {
    const lines = Array.from({ length: 200 }, (_, index) => String(index));
    expect(shownHeaders({ warning: lines }, base)).toHaveLength(100);
    const names = lines.map((line) => [`x-${line}-${'n'.repeat(500)}`, 'v'] as const);
    const shown = shownHeaders({ server: 'x'.repeat(5000), ...Object.fromEntries(names) }, base);
    const length = shown.flat().join('').length;
    expect(length).toBeGreaterThan(7800);
    expect(length).toBeLessThanOrEqual(8000);
  });

  it('hides the query of a realm', () => {
    expect(shownHeaders({ 'www-authenticate': 'Bearer realm="/t?sig=canary&service=s"' }, base)).toEqual([
      ['www-authenticate', 'Bearer realm="/t?sig=REDACTED&service=s"'],
    ]);
  });

  it('takes secrets out of what a server says', () => {
    expect(shownHeaders({ 'www-authenticate': 'Basic realm="canary-s3cret"' }, base, ['canary-s3cret'])).toEqual([
      ['www-authenticate', 'Basic realm="REDACTED"'],
    ]);
  });

  it('never shows the value of a header it does not know', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^x-[a-z-]{1,20}$/).filter((name) => !name.startsWith('x-ratelimit')),
        (name) => {
          expect(JSON.stringify(shownHeaders({ [name]: 'canary' }, base))).not.toContain('canary');
        },
      ),
    );
  });
});

describe('scrubSecrets', () => {
  it('replaces every occurrence, and leaves tiny secrets alone', () => {
    expect(scrubSecrets('hunter2 is hunter2, a is a', ['hunter2', 'a'])).toBe('REDACTED is REDACTED, a is a');
  });
});
