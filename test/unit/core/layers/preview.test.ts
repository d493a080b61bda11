import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggestFileName } from '#main/core/layers/extract/save-name.ts';
import { previewContent } from '#main/core/layers/preview/preview-content.ts';
import { readPicture } from '#main/core/layers/preview/read-image.ts';
import { readText } from '#main/core/layers/preview/read-text.ts';
import { summariseFile } from '#main/core/layers/preview/summarise-file.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000400000002008060000', 'hex');
const WHOLE = { name: 'x', isWhole: true, raw: false };

const png = (width: number, height: number): Buffer => {
  const bytes = Buffer.from(PNG);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
};

describe('readPicture', () => {
  it('takes size and kind from the header', () => {
    expect(readPicture(png(64, 32))).toEqual({ mediaType: 'image/png', width: 64, height: 32 });
    const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([5, 0, 6, 0])]);
    expect(readPicture(gif)).toEqual({ mediaType: 'image/gif', width: 5, height: 6 });
    const jpeg = Buffer.from('ffd8ffe00004aaaaffc0000b080010002003', 'hex');
    expect(readPicture(jpeg)).toEqual({ mediaType: 'image/jpeg', width: 32, height: 16 });
    const webp = Buffer.concat([Buffer.from('RIFF0000WEBPVP8X'), Buffer.alloc(8), Buffer.from([9, 0, 0, 4, 0, 0])]);
    expect(readPicture(webp)).toEqual({ mediaType: 'image/webp', width: 10, height: 5 });
  });

  it('shows no picture that claims to be huge, or is cut off', () => {
    expect(readPicture(png(100_000, 100_000))).toBeUndefined();
    expect(readPicture(png(0, 5))).toBeUndefined();
    expect(previewContent(png(1, 1), { ...WHOLE, isWhole: false }).kind).toBe('binary');
    expect(previewContent(png(1, 1), { ...WHOLE, raw: true }).kind).toBe('binary');
    expect(previewContent(png(1, 1), WHOLE).kind).toBe('image');
  });
});

describe('readText', () => {
  it.each([
    ['plain', Buffer.from('größe\n'), { encoding: 'utf-8', text: 'größe\n' }],
    ['cut in the middle of a character', Buffer.from('größe').subarray(0, 3), { encoding: 'utf-8', text: 'gr' }],
    ['UTF-16 with its mark', Buffer.from('\uFEFFhi', 'utf16le'), { encoding: 'utf-16le', text: 'hi' }],
    ['UTF-16, the other way', Buffer.from('\uFEFFhi', 'utf16le').swap16(), { encoding: 'utf-16be', text: 'hi' }],
    ['Latin-1', Buffer.from('caf\u00E9 au lait', 'latin1'), { encoding: 'latin1', text: 'caf\u00E9 au lait' }],
    ['empty', Buffer.alloc(0), { encoding: 'utf-8', text: '' }],
  ])('guesses the encoding: %s', (_name, bytes, expected) => {
    expect(readText(bytes)).toEqual(expected);
  });

  it('takes programs and what has control characters for no text', () => {
    expect(readText(readFileSync(process.execPath).subarray(0, 4096))).toBeUndefined();
    expect(readText(Buffer.from('\u0001\u0002\u0003abc'))).toBeUndefined();
  });
});

describe('summariseFile', () => {
  it.skipIf(process.platform !== 'linux')('reads the ELF header of a program of this machine', () => {
    const summary = summariseFile(readFileSync(process.execPath).subarray(0, 1 << 20), false);
    expect(summary).toMatchObject({ kind: 'elf', bits: 64, interpreter: expect.stringContaining('/ld-') });
  });

  it.each([
    ['#!/usr/bin/env python3\n', { kind: 'script', interpreter: '/usr/bin/env python3' }],
    ['{"b":1,"__proto__":2}', { kind: 'json', root: 'object', keys: ['b', '__proto__'] }],
    ['[1]', { kind: 'json', root: 'array', keys: [] }],
    ['<?xml version="1.0"?><!-- <no> --><svg:root a="b">', { kind: 'xml', rootElement: 'svg:root', doctype: false }],
    ['<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><y/>', { kind: 'xml', doctype: true }],
  ])('summarises %s', (text, expected) => {
    expect(summariseFile(Buffer.from(text), true)).toMatchObject(expected);
  });

  it('says nothing of plain text or half a document', () => {
    expect(summariseFile(Buffer.from('hello'), true)).toBeUndefined();
    expect(summariseFile(Buffer.from('{"a":'), true)).toBeUndefined();
    expect(summariseFile(Buffer.from('{"a":1}'), false)).toBeUndefined();
  });
});

describe('a preview', () => {
  it('is made of any bytes without failing', () => {
    const heads = fc.constantFrom(
      PNG,
      Buffer.from('\u007FELF', 'latin1'),
      Buffer.from('ffd8ff', 'hex'),
      Buffer.from('RIFF0000WEBPVP8L'),
      Buffer.from('<!'),
      Buffer.from('#!'),
    );
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 300 }), (head, tail) => {
        const bytes = Buffer.concat([head, tail]);
        expect(['text', 'binary', 'image']).toContain(previewContent(bytes, WHOLE).kind);
        expect(() => summariseFile(bytes, true)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('suggestFileName', () => {
  it.each([
    ['etc/passwd', 'passwd'],
    ['a/CON', '_CON'],
    ['a/nul.txt', '_nul.txt'],
    ['a/..', 'file'],
    ['a/x.', 'x'],
    ['a/b\\..\\c', 'b_.._c'],
    ['C:evil', 'C_evil'],
    ['a/\u202Egpj.exe', '_gpj.exe'],
    ['a/.bashrc', 'bashrc'],
    ['', 'file'],
  ])('makes of %s a name that is plain on every system (T05)', (path, name) => {
    expect(suggestFileName(path, 'file')).toBe(name);
  });
});
