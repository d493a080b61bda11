/** One measured figure beside its peers. Smaller is better for every unit used. */
export type BenchCase = {
  readonly name: string;
  readonly unit: 'ms' | 'kB' | 'MiB' | 'requests';
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  /** In words, as the issue states it: `< 1000 ms`, `≤ 0.40 best peer`. */
  readonly goal: string;
  /** Ours over the best peer; absent without a peer. */
  readonly ratio?: number;
  readonly pass: boolean;
};

/** `only`: the names of the cases to run; all of them when empty. Benches without names of their own run whole. */
export type BenchOptions = { readonly runs: number; readonly only: readonly string[] };

/** The cases that `only` names, in their own order. @throws for a name that none of them has */
export function chosen<T>(cases: Readonly<Record<string, T>>, only: readonly string[]): readonly T[] {
  const unknown = only.filter((name) => !Object.hasOwn(cases, name));
  if (unknown.length > 0) {
    throw new Error(`no such case: ${unknown.join(', ')}; there are: ${Object.keys(cases).join(', ')}`);
  }
  return Object.entries(cases).flatMap(([name, each]) => (only.length === 0 || only.includes(name) ? [each] : []));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs the measurements in turn, A B A B …, so that a drifting machine hits all of them alike. */
export async function interleave<Name extends string>(
  runs: number,
  measurements: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measurements) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let run = 0; run < runs; run += 1) {
    for (const name of names) results[name].push(await measurements[name]());
  }
  return results;
}

export function ratioToBest(ours: number, peers: Readonly<Record<string, number>>): number | undefined {
  const best = Math.min(...Object.values(peers));
  return Number.isFinite(best) ? Math.round((ours / best) * 100) / 100 : undefined;
}

/** A case with an absolute goal: `ours` below `limit`. Peers are shown, not judged. */
export function absoluteCase(
  name: string,
  unit: BenchCase['unit'],
  ours: number,
  limit: number,
  peers: Readonly<Record<string, number>> = {},
): BenchCase {
  const rounded = Math.round(ours * 10) / 10;
  const ratio = ratioToBest(ours, peers);
  const base = { name, unit, ours: rounded, peers, goal: `≤ ${limit} ${unit}`, pass: rounded <= limit };
  return ratio === undefined ? base : { ...base, ratio };
}

/** A case with a goal beside its peers: `ours` at most `limit` times the best of them. Without a peer only shown. */
export function relativeCase(
  name: string,
  unit: BenchCase['unit'],
  ours: number,
  limit: number,
  peers: Readonly<Record<string, number>>,
): BenchCase {
  const found = Object.entries(peers).filter(([, value]) => Number.isFinite(value));
  const present = Object.fromEntries(found);
  const ratio = ratioToBest(ours, present);
  const base = { name, unit, ours: Math.round(ours * 10) / 10, peers: present };
  const best = Object.keys(peers).join(', ');
  if (ratio === undefined) return { ...base, goal: `≤ ${limit} × ${best}, which is not on this machine`, pass: true };
  return { ...base, ratio, goal: `≤ ${limit} × ${best}`, pass: ratio <= limit };
}

export function printCases(cases: readonly BenchCase[]): void {
  for (const item of cases) {
    const peers = Object.entries(item.peers).map(([name, value]) => `${name} ${value.toFixed(1)}`);
    const beside = peers.length > 0 ? `  (${peers.join(', ')}; ratio ${item.ratio})` : '';
    console.log(`${item.pass ? 'ok  ' : 'MISS'} ${item.name}: ${item.ours} ${item.unit}, goal ${item.goal}${beside}`);
  }
}
