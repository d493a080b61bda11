import { describe, expect, it } from 'vitest';
import { isAppUrl } from '#main/hosts/electron/app-url.ts';

describe('isAppUrl', () => {
  it.each(['app://gantry/', 'app://gantry', 'app://gantry/index.html#/registry/local', 'APP://gantry/?x'])(
    'E5 is true for %s',
    (url) => {
      expect(isAppUrl(url)).toBe(true);
    },
  );

  it.each([
    'app://gantry.evil/',
    'app://evil/gantry',
    'app://gantry:80/',
    'app://gantry@evil/',
    'app://user@gantry/',
    'app:gantry',
    'https://gantry/',
    'xapp://gantry/',
    'about:blank',
    'gantry',
    '',
  ])('E5 is false for "%s"', (url) => {
    expect(isAppUrl(url)).toBe(false);
  });
});
