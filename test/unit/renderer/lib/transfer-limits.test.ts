import { expect, test } from 'vitest';
import { roughDuration } from '#renderer/lib/duration-text.ts';
import { laneChoices, lanesText, rateChoices, rateLimitText } from '#renderer/lib/transfer-limits.ts';

test('what is set is among the choices, in order', () => {
  expect(rateChoices(2000)).toEqual([0, 512, 1024, 2000, 5120, 10_240, 51_200, 102_400]);
  expect(laneChoices(3)).toEqual([0, 1, 2, 3, 4, 8, 16, 32]);
  expect(laneChoices(4)).toEqual([0, 1, 2, 4, 8, 16, 32]);
});

test('limits are told in words', () => {
  expect(rateLimitText(0)).toBe('No limit');
  expect(rateLimitText(10_240)).toBe('10.0 MiB/s');
  expect(lanesText(0)).toBe('As many as are fastest');
  expect(lanesText(4)).toBe('4');
});

test.each([
  [0.2, '1 s'],
  [26, '26 s'],
  [89.4, '89 s'],
  [150, '3 min'],
  [3599, '1 h'],
  [7500, '2 h 5 min'],
  [90_000, '1 d 1 h'],
  [172_800, '2 d'],
])('%d seconds are about %s', (seconds, text) => {
  expect(roughDuration(seconds)).toBe(text);
});
