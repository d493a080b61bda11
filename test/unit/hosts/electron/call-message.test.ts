import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCallMessage } from '#main/hosts/electron/call-message.ts';

describe('isCallMessage', () => {
  it('takes a request, an abort and an event as the link sends them', () => {
    const messages = [
      { i: '1', p: { u: '/tags/list', b: { json: { registryId: 'local' } } } },
      { i: '2', p: { u: '/changes/watch', h: {}, m: 'POST' } },
      { i: '2', t: 4 },
      { i: '2', t: 3, p: { e: 'done' } },
    ];
    expect(messages.map((message) => isCallMessage(JSON.stringify(message)))).toEqual([true, true, true, true]);
  });

  it.each([
    ['no text', { i: '1', p: { u: '/a' } }],
    ['bytes', new Uint8Array([123, 125])],
    ['nothing', undefined],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no id', '{"p":{"u":"/a"}}'],
    ['a number as id', '{"i":1,"p":{"u":"/a"}}'],
    ['no payload', '{"i":"1"}'],
    ['another host', '{"i":"1","p":{"u":"http://evil.example/"}}'],
    ['an unknown type', '{"i":"1","t":9,"p":{"u":"/a"}}'],
    ['headers that are no texts', '{"i":"1","p":{"u":"/a","h":{"x":{}}}}'],
    ['more than 1 MiB', JSON.stringify({ i: '1', p: { u: '/a', b: 'x'.repeat(1024 * 1024) } })],
  ])('I01 refuses %s', (_what, data) => {
    expect(isCallMessage(data)).toBe(false);
  });

  it('I01 never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json(), fc.string()), (data) => {
        expect(typeof isCallMessage(data)).toBe('boolean');
      }),
    );
  });
});
