import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources, root } from './support/source-files.ts';
import { checkTestCases } from './support/test-cases.ts';

const MAX_LINES = 400;
const MAX_PRELOAD_LINES = 50;

/** Folders are fixed by the design; of files only those that tools or readers look for at the top. */
const TOP = new Set(
  [
    'src-main src-renderer src-shared test build docs .ci .github',
    'package.json package-lock.json electron.vite.config.ts tsconfig.json',
    'README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE',
    '.gitignore .npmrc .oxfmtrc.json .oxlintrc.json',
  ].flatMap((line) => line.split(' ')),
);

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const lineCount = (text: string) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** What git leaves out, by the plain entries of .gitignore. */
const ignored = new Set([
  '.git',
  ...read('.gitignore')
    .split('\n')
    .map((line) => line.replace(/\/$/, '')),
]);

describe('the repository', () => {
  it('has nothing at its top but what the design lists', () => {
    const names = readdirSync(root).filter((name) => !ignored.has(name) && !name.endsWith('.log'));
    expect(names.filter((name) => !TOP.has(name))).toEqual([]);
  });

  it(`has no file of more than ${MAX_LINES} lines`, () => {
    const long = readSources('src-shared', 'src-main', 'src-renderer', 'test', 'build')
      .map(({ path, text }) => ({ path, lines: lineCount(text) }))
      .filter(({ lines }) => lines > MAX_LINES);
    expect(long).toEqual([]);
  });

  it(`keeps the preload under ${MAX_PRELOAD_LINES} lines`, () => {
    expect(lineCount(read('src-main/hosts/electron/preload.ts'))).toBeLessThan(MAX_PRELOAD_LINES);
  });

  it('names files in kebab-case', () => {
    const odd = readSources('src-shared', 'src-main', 'src-renderer', 'test', 'build')
      .map(({ path }) => path)
      .filter((path) => !/^[a-z0-9./-]+$/.test(path));
    expect(odd).toEqual([]);
  });

  it('switches no check off by a comment', () => {
    const pattern = /(?:oxlint|eslint)[-]disable|@ts[-](?:ignore|nocheck|expect-error)/;
    const found = readSources('src-shared', 'src-main', 'src-renderer', 'test', 'build').filter(({ text }) =>
      pattern.test(text),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it('has a README of at most 40 lines in every folder of the engine', () => {
    const folders = readdirSync(join(root, 'src-main/core'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const readmes = folders.map(({ name }) => ({ name, lines: lineCount(read(`src-main/core/${name}/README.md`)) }));
    expect(readmes.filter(({ lines }) => lines > 40)).toEqual([]);
  });
});

describe('dependencies', () => {
  const manifest = JSON.parse(read('package.json'));
  const lock = JSON.parse(read('package-lock.json'));

  it('have exact versions', () => {
    const versions = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies });
    const loose = versions.filter(([, version]) => !/^(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+$/.test(version));
    expect(loose).toEqual([]);
  });

  it('are locked without the address of a registry', () => {
    const entries = Object.entries<{ resolved?: string }>(lock.packages);
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([name]) => name)).toEqual([]);
  });

  it('of oRPC are of one version', () => {
    const versions = Object.entries<{ version?: string }>(lock.packages)
      .filter(([name]) => name.includes('node_modules/@orpc/'))
      .map(([, { version }]) => version);
    expect(new Set(versions).size).toBe(1);
  });
});

describe('tests', () => {
  it('are facts that can fail: each expects something, none is switched off', () => {
    const tests = readSources('test').filter(({ path }) => /\.test\.tsx?$/.test(path));
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.flatMap(checkTestCases)).toEqual([]);
  });
});
