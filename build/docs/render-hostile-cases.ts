import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Where the table of hostile cases is kept. */
export const HOSTILE_CASES_PATH: string = join(root, 'docs/hostile-cases.md');

/** The cases of each group that a registry client has to do with, counted from 01. */
const GROUPS = [
  { letter: 'A', count: 17, about: 'Auth: challenges, token servers, credentials and their helpers' },
  { letter: 'R', count: 10, about: 'Redirects' },
  { letter: 'P', count: 7, about: 'Pages of lists' },
  { letter: 'M', count: 19, about: 'Manifests' },
  { letter: 'B', count: 9, about: 'Blobs' },
  { letter: 'U', count: 8, about: 'Uploads' },
  { letter: 'F', count: 3, about: 'Referrers' },
  { letter: 'N', count: 5, about: 'Names and texts' },
  { letter: 'S', count: 5, about: 'TLS' },
  { letter: 'L', count: 5, about: 'Limits of time and size' },
  { letter: 'T', count: 17, about: 'Layers and archives: decompression, tar, files on disk' },
] as const;

/** What breaks by itself in the middle of a transfer. Some need a machine of their own, and say here that they have no test. */
const FAULTS = {
  letter: 'FI',
  count: 32,
  about: 'Faults of networks, registries and machines during a transfer',
} as const;

type Group = { readonly letter: string; readonly count: number };

export type Proof = { readonly id: string; readonly name: string; readonly file: string };

/** A text in the first place of a call: in a test file one that holds an id is the name of a test or a suite. */
const NAMED = /\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g;
const ID = new RegExp(`\\b((?:${[...GROUPS, FAULTS].map(({ letter }) => letter).join('|')})\\d\\d)\\b`, 'g');

/** Every test whose name carries the id of a case. */
export function findProofs(): readonly Proof[] {
  const folder = join(root, 'test');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name));
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return paths.flatMap((path) => proofsIn(readFileSync(path, 'utf8'), relative(root, path).replaceAll('\\', '/')));
}

function proofsIn(text: string, file: string): readonly Proof[] {
  const names = [...text.matchAll(NAMED)].map(([, , name = '']) => name.replaceAll(/\\(.)/g, '$1'));
  return names.flatMap((name) => [...name.matchAll(ID)].map(([id]) => ({ id, name, file })));
}

/** Every id that must have a test, in order. */
export function hostileCaseIds(): readonly string[] {
  return GROUPS.flatMap(idsOf);
}

function idsOf({ letter, count }: Group): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`);
}

function row(id: string, proofs: readonly Proof[]): string {
  const own = proofs.filter((proof) => proof.id === id);
  if (own.length === 0) return `| ${id} | **no test** | |`;
  const names = [...new Set(own.map(({ name }) => escapeCell(name)))];
  const files = [...new Set(own.map(({ file }) => `\`${file.replace('test/', '')}\``))];
  return `| ${id} | ${names.join('<br>')} | ${files.join('<br>')} |`;
}

function escapeCell(name: string): string {
  const bare = name.replaceAll(/\s*\([A-Z]{1,2}\d\d[^)]*\)/g, '').replace(/^(?:[A-Z]{1,2}\d\d[ ,]+)+/, '');
  return bare.trim().replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ');
}

/** The table, as it is written by `npm run docs`. */
export function renderHostileCases(): string {
  const proofs = findProofs();
  const sections = [...GROUPS, FAULTS].map((group) =>
    [`## ${group.letter}: ${group.about}`, '', '| case | what is proved | in test/ |', '| --- | --- | --- |']
      .concat(idsOf(group).map((id) => row(id, proofs)))
      .join('\n'),
  );
  const head = [
    '# Hostile registries',
    '',
    'What a registry, a token server or whoever stands between may do, and the tests that show what Gantry does then.',
    'Most run against a server in the test process that records every byte it receives. Written by `npm run docs` from',
    'the names of the tests; a test fails when it is out of date.',
  ].join('\n');
  return `${head}\n\n${sections.join('\n\n')}\n`;
}
