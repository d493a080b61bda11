import { importsOf } from './imports.ts';
import type { SourceFile } from './source-files.ts';

type Visit = 'open' | 'done';

/**
 * Every import cycle that a walk of the files meets, as the path of the circle: `a.ts → b.ts → a.ts`. Type imports
 * count too: two files that need each other's types are one idea in two places.
 */
export function findCycles(files: readonly SourceFile[]): readonly string[] {
  const known = new Set(files.map(({ path }) => path));
  const edges = new Map(
    files.map((file) => [
      file.path,
      importsOf(file)
        .map(({ target }) => target)
        .filter((target) => known.has(target)),
    ]),
  );
  const visits = new Map<string, Visit>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (visits.get(path) === 'open') cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (visits.has(path)) return;
    visits.set(path, 'open');
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    visits.set(path, 'done');
  };
  for (const path of known) visit(path, []);
  return cycles;
}
