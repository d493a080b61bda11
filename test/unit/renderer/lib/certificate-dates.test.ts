import { validityText } from '#renderer/lib/certificate-dates.ts';
import { describe, expect, it } from 'vitest';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const DAY = 86_400_000;

describe('validityText', () => {
  it.each([
    [12.5 * DAY, 'soon', 'expires in 12 days'],
    [1.5 * DAY, 'soon', 'expires in 1 day'],
    [0.5 * DAY, 'soon', 'expires today'],
    [60 * DAY, 'ok', 'expires in 60 days'],
    [400 * DAY, 'ok', 'expires in 13 months'],
    [3653 * DAY, 'ok', 'expires in 10 years'],
    [-0.5 * DAY, 'over', 'expired today'],
    [-3.5 * DAY, 'over', 'expired 3 days ago'],
  ])('%d ms from now: %s, %s', (left, tone, text) => {
    expect(validityText(NOW + left, NOW)).toEqual({ tone, text });
  });

  it('says that it is not valid yet', () => {
    expect(validityText(NOW + 9 * DAY, NOW, NOW + 2 * DAY)).toEqual({
      tone: 'over',
      text: 'not valid before 2 days from now',
    });
  });
});
