import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestMatch, scopeOfKey } from '#main/core/config-credentials/config-keys.ts';

describe('scopeOfKey', () => {
  it.each([
    ['https://index.docker.io/v1/', 'docker.io', ''],
    ['index.docker.io', 'docker.io', ''],
    ['docker.io', 'docker.io', ''],
    ['registry-1.docker.io', 'docker.io', ''],
    ['docker.io/library', 'docker.io', 'library'],
    ['Registry.Example:5000', 'registry.example:5000', ''],
    ['https://registry.example/v2/', 'registry.example', ''],
    ['http://registry.example/some/path', 'registry.example', ''],
    ['registry.example/v1/', 'registry.example', ''],
    ['quay.io/team/app', 'quay.io', 'team/app'],
    ['quay.io/', 'quay.io', ''],
    ['[::1]:5000', '[::1]:5000', ''],
  ])('reads %s as %s and "%s"', (key, host, path) => {
    expect(scopeOfKey(key)).toEqual({ host, path });
  });

  it.each(['', '__proto__', 'a b', 'u:p@evil.example', 'https://', 'host:99999', 'ho\nst'])(
    'takes %j for no registry',
    (key) => expect(scopeOfKey(key)).toBeUndefined(),
  );

  it.each(['access-token', 'refresh-token'])('leaves out what docker login keeps for itself: %s', (name) => {
    expect(scopeOfKey(`https://index.docker.io/v1/${name}`)).toBeUndefined();
  });

  it('never throws, and names only canonical hosts', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        expect(scopeOfKey(key)?.host ?? 'none').toMatch(/^[a-z0-9.:[\]-]+$/);
      }),
    );
  });
});

describe('bestMatch', () => {
  const match = (keys: readonly string[], host: string, repository?: string) =>
    bestMatch(
      keys.map((key) => [key, key] as const),
      { host, repository },
    )?.key;

  it('takes the longest path that holds the repository', () => {
    const keys = ['quay.io', 'quay.io/team', 'quay.io/team/app', 'quay.io/tea'];
    expect(match(keys, 'quay.io', 'team/app')).toBe('quay.io/team/app');
    expect(match(keys, 'quay.io', 'team/app/sub')).toBe('quay.io/team/app');
    expect(match(keys, 'quay.io', 'team/application')).toBe('quay.io/team');
    expect(match(keys, 'quay.io', 'teams/app')).toBe('quay.io');
    expect(match(keys, 'quay.io')).toBe('quay.io');
    expect(match(['quay.io/team'], 'quay.io')).toBeUndefined();
  });

  it("prefers docker's own spelling of Hub, and else the first written", () => {
    expect(match(['docker.io', 'https://index.docker.io/v1/'], 'docker.io')).toBe('https://index.docker.io/v1/');
    expect(match(['registry-1.docker.io', 'docker.io'], 'docker.io')).toBe('registry-1.docker.io');
  });

  it("sees past https's own port, and past no other", () => {
    expect(match(['registry.example:443'], 'registry.example')).toBe('registry.example:443');
    expect(match(['registry.example:80', 'registry.example:5000'], 'registry.example')).toBeUndefined();
    expect(match(['registry.example'], 'registry.example:5000')).toBeUndefined();
  });

  it('takes no host that only begins or ends alike', () => {
    expect(match(['evil-quay.io', 'quay.io.evil.example', 'sub.quay.io'], 'quay.io')).toBeUndefined();
  });
});
