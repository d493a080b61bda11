import { expect, test } from 'vitest';
import { shortPlatform } from '#renderer/lib/platform-text.ts';

test.each([
  ['linux/amd64', 'amd64'],
  ['linux/arm/v7', 'arm/v7'],
  ['windows/amd64:10.0.20348.1', 'windows/amd64'],
  ['odd', 'odd'],
])('%s is short for people as %s', (platform, text) => {
  expect(shortPlatform(platform)).toBe(text);
});
