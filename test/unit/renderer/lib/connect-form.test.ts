import { meantHost } from '#renderer/lib/connect-checks.ts';
import { emptyForm, formOf, readForm } from '#renderer/lib/connect-form.ts';
import type { Registry } from '#shared/api/registries.ts';
import { describe, expect, it } from 'vitest';

const stored: Registry = {
  id: 'r1',
  host: 'reg.example:5000',
  label: 'Work',
  kind: 'remote',
  plainHttp: false,
  skipVerification: true,
  auth: { kind: 'password', username: 'alice' },
  secret: 'keychain',
  tls: { hasClientKey: false },
  proxy: { kind: 'system' },
  apiPrefix: '',
  repositoryPrefix: '',
  trustedTokenHosts: [],
  uploadHosts: [],
};

describe('readForm', () => {
  it('needs nothing but a host for an anonymous registry', () => {
    expect(readForm({ ...emptyForm, host: ' ghcr.io ' })).toEqual({
      ok: true,
      input: {
        host: 'ghcr.io',
        plainHttp: false,
        skipVerification: false,
        auth: { kind: 'anonymous' },
        tls: {},
        proxy: { kind: 'system' },
        apiPrefix: '',
        repositoryPrefix: '',
        trustedTokenHosts: [],
        uploadHosts: [],
      },
    });
  });

  it('comes back as it was typed, hosts and chunks of uploads too', () => {
    const uploads = { uploadHosts: ['storage.example'], uploadChunkBytes: 524_288 };
    const result = readForm(formOf({ ...stored, ...uploads }), stored);
    expect(result).toMatchObject({ ok: true, input: uploads });
    expect(formOf({ ...stored, ...uploads }).uploadChunk).toBe('0.5');
  });

  it('says what is missing, by field', () => {
    const result = readForm({ ...emptyForm, signIn: 'password' });
    expect(result.ok ? [] : Object.keys(result.errors)).toEqual(['host', 'username', 'secret']);
  });

  it.each(['not a host', 'user:pw@host', 'host/with/path', 'http://'])('refuses %s as a host', (host) => {
    const result = readForm({ ...emptyForm, host });
    expect(result.ok ? undefined : result.errors.host).toMatch(/^Not a registry host/);
  });

  it('does not repeat a password that was pasted as part of the host', () => {
    expect(JSON.stringify(readForm({ ...emptyForm, host: 'https://alice:hunter2@reg.example' }))).not.toContain(
      'hunter2',
    );
  });

  it('keeps the stored secret while the field is empty', () => {
    const result = readForm(formOf(stored), stored);
    expect(result).toMatchObject({ ok: true, input: { label: 'Work', auth: { kind: 'unchanged' } } });
  });

  it('asks for the secret again for another user, another kind, and when it is gone', () => {
    const form = formOf(stored);
    expect(readForm({ ...form, username: 'bob' }, stored).ok).toBe(false);
    expect(readForm({ ...form, signIn: 'bearer' }, stored).ok).toBe(false);
    expect(readForm(form, { ...stored, secret: 'missing' }).ok).toBe(false);
  });

  it('sends what is typed', () => {
    const form = { ...formOf(stored), secret: 's3cret' };
    expect(readForm(form, stored)).toMatchObject({
      ok: true,
      input: { skipVerification: true, auth: { kind: 'password', username: 'alice', secret: 's3cret' } },
    });
    expect(readForm({ ...form, signIn: 'bearer' }, stored)).toMatchObject({
      ok: true,
      input: { auth: { kind: 'bearer', secret: 's3cret' } },
    });
  });
});

describe('meantHost', () => {
  it('V20 notices a host one slip away from a well-known one, and no other', () => {
    expect(meantHost('ghrc.io')).toBe('ghcr.io');
    expect(meantHost('ghcr.io')).toBeUndefined();
    expect(meantHost('registry.example')).toBeUndefined();
    expect(meantHost('not a host')).toBeUndefined();
  });
});

describe('formOf', () => {
  it('never holds a secret, and shows no label where there is only the host', () => {
    expect(formOf({ ...stored, label: stored.host })).toMatchObject({ secret: '', label: '', username: 'alice' });
  });
});
