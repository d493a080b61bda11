import { describe, expect, it } from 'vitest';
import { outageText } from '#renderer/lib/outage-text.ts';

describe('what is said of a registry that cannot be used', () => {
  it.each([
    ['untrusted', 'certificate refused since'],
    ['expired', 'certificate refused since'],
    ['client-certificate', 'no secure connection since'],
    ['refused', 'offline since'],
    [undefined, 'offline since'],
  ])('%s: %s', (reason, expected) => {
    expect(outageText(reason)).toBe(expected);
  });
});
