import { describe, expect, test } from 'vitest';
import { edgeSpeed } from '#renderer/lib/edge-scroll.ts';

describe('edgeSpeed', () => {
  test('is nothing in the middle and outside', () => {
    expect(edgeSpeed(300, 100, 500)).toBe(0);
    expect(edgeSpeed(99, 100, 500)).toBe(0);
    expect(edgeSpeed(501, 100, 500)).toBe(0);
  });

  test('grows towards an edge, up and down alike', () => {
    expect(edgeSpeed(100, 100, 500)).toBe(-14);
    expect(edgeSpeed(500, 100, 500)).toBe(14);
    expect(edgeSpeed(118, 100, 500)).toBe(-7);
    expect(edgeSpeed(482, 100, 500)).toBe(7);
  });

  test('leaves the middle of a low list alone', () => {
    expect(edgeSpeed(115, 100, 130)).toBe(0);
    expect(edgeSpeed(101, 100, 130)).toBeLessThan(0);
    expect(edgeSpeed(129, 100, 130)).toBeGreaterThan(0);
  });
});
