import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wireSerializers } from '#shared/api/wire.ts';

const [names] = wireSerializers;
const many = (text: string, count = 100) => Array.from({ length: count }, () => text);

describe('a list of very many names on the wire', () => {
  it('travels as one text and arrives as it was', () => {
    const line = fc.string().filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(fc.array(line, { minLength: 65, maxLength: 90 }), (list) => {
        expect(names.condition(list)).toBe(true);
        const sent: unknown = JSON.parse(JSON.stringify(names.serialize(list)));
        expect(names.deserialize(sent)).toEqual(JSON.parse(JSON.stringify(list)));
      }),
    );
  });

  it('travels as a list when it is short, holds a line break, or anything but text', () => {
    expect(names.condition(many('a', 64))).toBe(false);
    expect(names.condition([...many('a'), 'a\nb'])).toBe(false);
    expect(names.condition([...many('a'), 1])).toBe(false);
    expect(names.condition([...many('a'), undefined])).toBe(false);
    expect(names.condition('a'.repeat(100))).toBe(false);
  });

  it('is refused when what arrives is no text', () => {
    expect(() => names.deserialize(['a'])).toThrow(TypeError);
    expect(() => names.deserialize({ split: () => ['a'] })).toThrow(TypeError);
  });
});
