import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type BenchCase, type BenchOptions, printCases } from './measure.ts';
import { benchCopy } from './copy.ts';
import { benchFiles } from './files.ts';
import { benchLayers } from './layers.ts';
import { benchList } from './list.ts';
import { benchStart } from './start.ts';

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<BenchCase[]>>> = {
  start: benchStart,
  list: benchList,
  copy: benchCopy,
  layers: benchLayers,
  files: benchFiles,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, runs: { type: 'string', default: '5' }, only: { type: 'string', default: '' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(benches);
const unknown = names.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`);
  process.exit(1);
}

const cases: BenchCase[] = [];
const only = values.only.split(',').filter((name) => name !== '');
for (const name of names) cases.push(...(await benches[name]!({ runs: Number(values.runs), only })));
printCases(cases);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ cases }, undefined, 2)}\n`);
