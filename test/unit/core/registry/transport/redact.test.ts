import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactHeaders, redactUrl, scrubSecrets } from '#main/core/registry/transport/redact.ts';

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

describe('redactHeaders', () => {
  it('keeps the names of all and the values of the harmless', () => {
    const headers = { authorization: 'Bearer x', 'set-cookie': ['a', 'b'], 'content-type': 'a/b', 'x-none': undefined };
    expect(redactHeaders(headers)).toEqual({
      authorization: 'REDACTED',
      'set-cookie': 'REDACTED',
      'content-type': 'a/b',
    });
  });
});

describe('scrubSecrets', () => {
  it('replaces every occurrence, and leaves tiny secrets alone', () => {
    expect(scrubSecrets('hunter2 is hunter2, a is a', ['hunter2', 'a'])).toBe('REDACTED is REDACTED, a is a');
  });
});
