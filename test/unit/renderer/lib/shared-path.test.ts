import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharedPath } from '#renderer/lib/shared-path.ts';

test.each([
  [[], ''],
  [['ghcr.io/team/web:1'], 'ghcr.io/team/'],
  [['ghcr.io/team/web:1', 'ghcr.io/team/api:1'], 'ghcr.io/team/'],
  [['ghcr.io/team/web:1', 'ghcr.io/teams/web:1'], 'ghcr.io/'],
  [['ghcr.io/web:1', 'docker.io/web:1'], ''],
  [['images.tar', 'ghcr.io/web'], ''],
])('%j share %j', (references, path) => {
  expect(sharedPath(references)).toBe(path);
});

test('every reference is the shared path and something that tells it apart', () => {
  const name = fc.stringMatching(/^[a-c]{1,2}(\/[a-c]{1,2}){0,3}$/);
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), (references) => {
      const path = sharedPath(references);
      expect(path === '' || path.endsWith('/')).toBe(true);
      for (const each of references) {
        expect(each.startsWith(path)).toBe(true);
        expect(each.length).toBeGreaterThan(path.length);
      }
    }),
  );
});
