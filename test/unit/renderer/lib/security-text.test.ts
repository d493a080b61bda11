import { describe, expect, it } from 'vitest';
import { securityText } from '#renderer/lib/security-text.ts';

const reach = { plainHttp: false, skipVerification: false, tls: {} };

describe('securityText', () => {
  it.each([
    [{}, 'HTTPS, certificate checked'],
    [{ tls: { caPem: 'PEM' } }, 'HTTPS, certificate checked, an authority added by you'],
    [{ tls: { caPem: 'PEM' }, skipVerification: true }, 'HTTPS, certificate not checked'],
    [{ skipVerification: true, plainHttp: true }, 'plain HTTP, not encrypted'],
  ])('says of %j: %s', (over, text) => {
    expect(securityText({ ...reach, ...over })).toBe(text);
  });
});
