import { imagePath, parsePath, registryPath, repositoryPath, settingsPath, welcomePath } from '#renderer/lib/paths.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const digest = `sha256:${'a'.repeat(64)}`;
const component = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const repositories = fc.array(component, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));

describe('parsePath', () => {
  it('reads back every repository path', () => {
    fc.assert(
      fc.property(component, repositories, (registryId, repository) => {
        const place = parsePath(repositoryPath({ registryId, repository }));
        expect(place).toEqual({ kind: 'repository', registryId, repository });
      }),
    );
  });

  it('reads back an image path with its tab and platform', () => {
    const place = {
      registryId: 'local',
      repository: 'team/app',
      reference: digest,
      tab: 'layers',
      platform: digest,
    } as const;
    expect(parsePath(imagePath(place))).toEqual({ kind: 'image', ...place });
  });

  it('reads back whose referrer an image is said to be', () => {
    const place = {
      registryId: 'local',
      repository: 'a',
      reference: digest,
      tab: 'overview',
      referrerOf: digest,
    } as const;
    expect(parsePath(imagePath(place))).toEqual({ kind: 'image', platform: undefined, ...place });
  });

  it('keeps a repository of several segments in one segment of the address', () => {
    expect(repositoryPath({ registryId: 'local', repository: 'a/b/c' })).toBe('/registry/local/repository/a%2Fb%2Fc');
  });

  it('knows the pages without parameters', () => {
    expect(parsePath(welcomePath())).toEqual({ kind: 'welcome' });
    expect(parsePath(settingsPath())).toEqual({ kind: 'settings' });
    expect(parsePath(registryPath('local'))).toEqual({ kind: 'registry', registryId: 'local' });
  });

  it.each([
    '/nowhere',
    '/registry',
    '/registry/x/image/a/b',
    '/registry/x/image/a/b/sideways',
    '/registry/x/repository',
    '/settings/deep',
    '/registry/%E0%A4%A',
  ])('does not take %s for a page', (path) => {
    expect(parsePath(path)).toEqual({ kind: 'unknown' });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parsePath(text)).toHaveProperty('kind');
      }),
    );
  });
});
