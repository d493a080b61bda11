import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAuthEntry } from '#main/core/config-credentials/auth-entry.ts';
import { encodeAuth } from '#test/support/config-home.ts';

const password = (username: string, secret: string) => ({
  kind: 'credential',
  credential: { kind: 'password', username, secret },
});

describe('readAuthEntry', () => {
  it.each([
    ['padded', { auth: 'YWxpY2U6cHc=' }, password('alice', 'pw')],
    ['without its padding', { auth: 'YWxpY2U6cHc' }, password('alice', 'pw')],
    ['with a line break after it', { auth: 'YWxpY2U6cHc=\n' }, password('alice', 'pw')],
    ['with colons in the password', { auth: encodeAuth('alice', 'p:w:') }, password('alice', 'p:w:')],
    ['with NULs after the password', { auth: encodeAuth('alice', 'pw\0\0\0') }, password('alice', 'pw')],
    ['in UTF-8', { auth: encodeAuth('älice', 'pä$$') }, password('älice', 'pä$$')],
    ['beside other fields of a wrong type', { auth: 'YWxpY2U6cHc=', username: 7, email: [] }, password('alice', 'pw')],
  ])('reads an auth %s', (_name, entry, expected) => {
    expect(readAuthEntry(entry)).toEqual(expected);
  });

  it('reads user name and password in fields of their own', () => {
    expect(readAuthEntry({ username: 'alice', password: 'pw' })).toEqual(password('alice', 'pw'));
  });

  it('prefers a registry token, then an identity token, then the password', () => {
    const auth = encodeAuth('00000000-0000-0000-0000-000000000000', '');
    const [identitytoken, registrytoken] = ['refresh-me', 'as-i-am'];
    expect(readAuthEntry({ auth, identitytoken, registrytoken })).toEqual({
      kind: 'credential',
      credential: { kind: 'bearer', secret: 'as-i-am' },
    });
    expect(readAuthEntry({ auth, identitytoken })).toEqual({
      kind: 'credential',
      credential: { kind: 'identity', secret: 'refresh-me' },
    });
  });

  it('takes the user <token> for an identity token', () => {
    const identity = { kind: 'credential', credential: { kind: 'identity', secret: 'refresh-me' } };
    expect(readAuthEntry({ auth: encodeAuth('<token>', 'refresh-me') })).toEqual(identity);
  });

  it.each([{}, { auth: '' }, { auth: encodeAuth('', '') }, null, 'text', 7, []])('finds nothing in %j', (entry) => {
    expect(readAuthEntry(entry)).toEqual({ kind: 'empty' });
  });

  it.each([
    ['no base64', { auth: 'not base64!' }],
    ['a length base64 cannot have', { auth: 'YWxpY' }],
    ['no UTF-8', { auth: Buffer.from([0x61, 0x3a, 0xff, 0xfe]).toString('base64') }],
    ['no colon', { auth: Buffer.from('canary').toString('base64') }],
    ['no password', { auth: encodeAuth('alice', '') }],
    ['a colon in the user name', { username: 'a:b', password: 'pw' }],
    ['a token with a line break', { identitytoken: 'canary\r\nX-Evil: 1' }],
  ])('calls broken what has %s, and quotes none of it', (_name, entry) => {
    const read = readAuthEntry(entry);
    expect(read.kind).toBe('broken');
    expect(JSON.stringify(read)).not.toMatch(/canary|alice/);
  });

  it('gives back every user name and password, padded or not', () => {
    const username = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => !/[:\ud800-\udfff]|^<token>$/.test(text));
    const secret = fc.string({ minLength: 1 }).filter((text) => !text.endsWith('\0'));
    fc.assert(
      fc.property(username, secret, fc.boolean(), (name, word, isPadded) => {
        const auth = encodeAuth(name, word);
        expect(readAuthEntry({ auth: isPadded ? auth : auth.replace(/=+$/, '') })).toEqual(password(name, word));
      }),
    );
  });

  it('never throws, whatever JSON an entry is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(['empty', 'credential', 'broken']).toContain(readAuthEntry(value).kind);
        expect(['empty', 'credential', 'broken']).toContain(readAuthEntry({ auth: value }).kind);
      }),
    );
  });
});
