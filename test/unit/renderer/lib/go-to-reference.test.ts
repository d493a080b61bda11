import { crumbsOf, referenceText } from '#renderer/lib/crumbs.ts';
import { destinationOf, readRepository } from '#renderer/lib/go-to-reference.ts';
import { parsePath } from '#renderer/lib/paths.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const digest = `sha256:${'ab'.repeat(32)}`;
const registries = [
  { id: 'hub', host: 'docker.io' },
  { id: 'r1', host: 'reg.example:5000' },
];

describe('destinationOf', () => {
  it.each([
    ['docker pull nginx', '/registry/hub/repository/library%2Fnginx'],
    ['nginx:1.27', '/registry/hub/image/library%2Fnginx/1.27/overview'],
    ['reg.example:5000/team/app', '/registry/r1/repository/team%2Fapp'],
    [`reg.example:5000/app:1@${digest}`, `/registry/r1/image/app/${encodeURIComponent(digest)}/overview`],
  ])('goes from %s to %s', (text, path) => {
    expect(destinationOf(text, registries)).toEqual({ kind: 'path', path });
  });

  it('names the registry that is not in the list and keeps the reference', () => {
    expect(destinationOf(' ghcr.io/owner/app:1 ', registries)).toEqual({
      kind: 'unknown-registry',
      host: 'ghcr.io',
      reference: 'ghcr.io/owner/app:1',
    });
  });

  it.each(['', 'UPPER/Case', 'a b', 'app@sha256:short', 'https://user:hunter2@reg.example/app'])(
    'says what is wrong with "%s" and never repeats a password',
    (text) => {
      const destination = destinationOf(text, registries);
      expect(destination.kind).toBe('malformed');
      expect(JSON.stringify(destination)).not.toContain('hunter2');
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(destinationOf(text, registries)).toHaveProperty('kind');
      }),
    );
  });
});

describe('readRepository', () => {
  const registry = { id: 'r1', host: 'reg.example:5000' };

  it('takes a name, and a whole reference of the registry', () => {
    expect(readRepository('team/app', registry)).toBe('team/app');
    expect(readRepository('reg.example:5000/team/app:1.0', registry)).toBe('team/app');
  });

  it('fills in library on Docker Hub', () => {
    expect(readRepository('nginx', { id: 'hub', host: 'docker.io' })).toBe('library/nginx');
  });

  it('refuses what is not a name', () => {
    expect(readRepository('Not A Name', registry)).toBeUndefined();
  });
});

describe('crumbsOf', () => {
  it('joins to the reference that leads back to the same page', () => {
    for (const text of [
      'reg.example:5000/team/app',
      'reg.example:5000/team/app:1.0',
      `reg.example:5000/app@${digest}`,
    ]) {
      const destination = destinationOf(text, registries);
      const place = parsePath(destination.kind === 'path' ? destination.path : '');
      expect(referenceText(place, registries)).toBe(text);
    }
  });

  it('links every segment that has a page', () => {
    const place = parsePath('/registry/r1/image/team%2Fapp/1.0/overview');
    const crumbs = crumbsOf(place, registries);
    expect(crumbs.map(({ joint, text }) => `${joint}${text}`).join('')).toBe('reg.example:5000/team/app:1.0');
    expect(crumbs.map(({ path }) => path !== undefined)).toEqual([true, false, true, true]);
  });
});
