import { assert as check, integer, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GoBuildInfo, GoInfoFinder, readGoModules } from '#main/core/layers/packages/go-build-info.ts';
import { goProgram } from '#test/support/go-program.ts';

const MODULES = 'path\tacme/tool\nmod\tacme/tool\t(devel)\t\ndep\tacme/lib\tv0.1.0\th1:x=\nbuild\tCGO_ENABLED=0\n';

function find(bytes: Buffer, pieceBytes = 65_536): GoBuildInfo | undefined {
  const finder = new GoInfoFinder();
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (!finder.push(bytes.subarray(at, at + pieceBytes))) break;
  }
  return finder.found;
}

describe('GoInfoFinder', () => {
  it('finds it wherever the pieces are cut', () => {
    const program = goProgram({ modules: MODULES, at: 4096 });
    check(
      property(integer({ min: 1, max: 5000 }), (pieceBytes) => {
        expect(find(program, pieceBytes)).toEqual({ goVersion: 'go1.26.8', modules: MODULES });
      }),
    );
  });

  it('takes a program without modules', () => {
    expect(find(goProgram({}))).toEqual({ goVersion: 'go1.26.8', modules: '' });
  });

  it('takes a long list of modules', () => {
    const modules = Array.from({ length: 20_000 }, (_, at) => `dep\tacme/lib${at}\tv0.${at}.0\th1:x=\n`).join('');
    expect(find(goProgram({ modules }))?.modules).toBe(modules);
  });

  it.each([
    ['at an odd place', goProgram({ modules: MODULES, at: 600_008 })],
    ['with pointers in place of texts, as before Go 1.18', goProgram({ modules: MODULES, flags: 0 })],
    ['with a version that is none', goProgram({ modules: MODULES, version: 'python3' })],
    ['in a file that is no program', goProgram({ modules: MODULES }).fill('#!/bin/sh\n', 0, 10)],
    ['that breaks off', goProgram({ modules: MODULES }).subarray(0, 600_060)],
    ['with a length beyond any', goProgram({}).fill(0xff, 600_032, 600_050)],
    ['in an empty file', Buffer.alloc(0)],
  ])('finds none %s', (_how, bytes) => {
    expect(find(bytes)).toBeUndefined();
  });

  it('is not misled by a mark before the right one', () => {
    const before = Buffer.from('\u00ff Go buildinf:\u0008\u0002garbage', 'latin1');
    expect(find(goProgram({ modules: MODULES, before }))?.modules).toBe(MODULES);
  });

  it('throws at nothing, and holds no more than it may', () => {
    const head = Buffer.from('\u007fELF', 'latin1');
    check(
      property(uint8Array({ maxLength: 200 }), (bytes) => {
        const info = find(Buffer.concat([goProgram({}).subarray(0, 600_030), bytes]));
        for (const { name, version } of info === undefined ? [] : readGoModules(info))
          expect(name + version).toBeTruthy();
        expect(find(Buffer.concat([head, bytes, Buffer.alloc(64)]))).toBeUndefined();
      }),
    );
  });
});

describe('readGoModules', () => {
  it('names the main module, those it depends on, and what takes their place', () => {
    const modules = `${MODULES}dep\tacme/a\tv1.0.0\n=>\tacme/b\tv1.1.0\t\ndep\tacme/c\tv1.0.0\n=>\t./c\t\n`;
    expect([...readGoModules({ goVersion: 'go1.26.8 X:greenteagc', modules })]).toEqual([
      { name: 'stdlib', version: 'go1.26.8' },
      { name: 'acme/tool', version: '(devel)' },
      { name: 'acme/lib', version: 'v0.1.0' },
      { name: 'acme/b', version: 'v1.1.0', source: 'acme/a' },
      { name: './c', version: '(local)', source: 'acme/c' },
    ]);
  });
});
