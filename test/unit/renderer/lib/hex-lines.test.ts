import { describe, expect, test } from 'vitest';
import { decodeBase64, hexLines } from '#renderer/lib/hex-lines.ts';

describe('hex lines', () => {
  test('show offset, bytes and printable ASCII', () => {
    const bytes = new Uint8Array([...Buffer.from('GIF89a'), 0, 255, ...Buffer.from('0123456789')]);
    expect(hexLines(bytes)).toEqual([
      '00000000  47 49 46 38 39 61 00 ff 30 31 32 33 34 35 36 37  GIF89a..01234567',
      '00000010  38 39                                            89',
    ]);
  });

  test('base64 gives back the bytes', () => {
    expect([...decodeBase64(Buffer.from([0, 200, 255]).toString('base64'))]).toEqual([0, 200, 255]);
  });
});
