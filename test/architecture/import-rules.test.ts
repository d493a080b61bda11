import { describe, expect, it } from 'vitest';
import { checkHostGlobals, checkImports, checkNodeNames } from './support/check.ts';
import { findCycles } from './support/cycles.ts';
import { readSources } from './support/source-files.ts';

const sources = readSources('src-shared', 'src-main', 'src-renderer');

describe('imports', () => {
  it('reads the source of all three environments', () => {
    const tops = new Set(sources.map(({ path }) => path.split('/')[0]));
    expect(tops).toEqual(new Set(['src-main', 'src-renderer', 'src-shared']));
  });

  it('go only where the zones allow', () => {
    expect(sources.flatMap(checkImports)).toEqual([]);
  });

  it('form no cycle', () => {
    expect(findCycles(sources)).toEqual([]);
  });

  it('E14 open a listening socket only in the web host and the local registry, and fork nowhere', () => {
    expect(sources.flatMap(checkNodeNames)).toEqual([]);
  });
});

describe('the renderer', () => {
  it('touches the network and the host only in host/', () => {
    expect(readSources('src-renderer').flatMap(checkHostGlobals)).toEqual([]);
  });

  it('calls the api only in queries/', () => {
    const callers = sources
      .filter(({ path, text }) => path.startsWith('src-renderer/') && /import \{[^}]*\bapi\b[^}]*\} from/.test(text))
      .map(({ path }) => path)
      .filter((path) => !path.startsWith('src-renderer/queries/'));
    expect(callers).toEqual([]);
  });
});
