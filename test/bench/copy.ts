import { type DockerRegistry, startDockerRegistry } from '../support/docker-registry.ts';
import { type DelayProxy, startDelayProxy } from '../support/delay-proxy.ts';
import { image, into, repository, startTransferRig } from '../support/transfers.ts';
import { type PushedImage, pushRandomImage } from './copy/images.ts';
import { copyWithCurl, type Errand, findPeers, type Peer } from './copy/peers.ts';
import { startSynthetic } from '#test/support/synthetic-registries.ts';
import {
  absoluteCase,
  type BenchCase,
  type BenchOptions,
  chosen,
  interleave,
  median,
  relativeCase,
} from './measure.ts';
import { usageOf } from './host.ts';

const REPOSITORY = 'bench/app';
const ROUND_TRIP_MS = 40;
const CURL_LANES = 6;

/** Whoever copies, ready to begin. */
type Copier = AsyncDisposable & { readonly copy: () => Promise<void> };
type MakeReady = (errand: Errand) => Promise<Copier>;

/**
 * The engine as the app has it, which runs before and after: what is timed is the plan and the job, to its end. A new
 * one each time, so that nothing is known of either registry and no connection is open.
 */
async function readyEngine({ source, destination, repository: name, tags }: Errand): Promise<Copier> {
  const registries = { source: { host: source }, destination: { host: destination } };
  const rig = await startTransferRig(registries, { patienceMs: 600_000 });
  const items = tags.length > 1 ? [repository(rig, 'source', name)] : [image('source', `${name}:${tags[0] ?? ''}`)];
  return {
    copy: async () => {
      const planned = await rig.plan(items, into('destination'), { referrers: false });
      const view = await rig.run(planned);
      if (view.state !== 'done' || view.failedRowCount > 0)
        throw new Error(`the copy ended as ${JSON.stringify(view)}`);
    },
    [Symbol.asyncDispose]: () => rig.close(),
  };
}

/** A program that is started for the copy and ends with it, as on a terminal. */
const readyProgram =
  (copy: (errand: Errand) => Promise<void>): MakeReady =>
  (errand) =>
    Promise.resolve({ copy: () => copy(errand), [Symbol.asyncDispose]: () => Promise.resolve() });

async function copyOnce(errand: Errand, makeReady: MakeReady): Promise<number> {
  await using copier = await makeReady(errand);
  const started = performance.now();
  await copier.copy();
  return performance.now() - started;
}

type Case = {
  readonly source: string;
  readonly tags: readonly string[];
  /** Between everybody and each registry. */
  readonly roundTripMs: number;
  /** Copied once before the time is taken. */
  readonly isPresent: boolean;
};

async function far(host: string, roundTripMs: number): Promise<Pick<DelayProxy, 'host'> & Partial<AsyncDisposable>> {
  return roundTripMs === 0 ? { host } : startDelayProxy(host, roundTripMs);
}

/** One copy into a registry that is new, by whoever; how long it took. */
async function timed(given: Case, makeReady: MakeReady): Promise<number> {
  await using destination: DockerRegistry = await startDockerRegistry();
  const ends = await Promise.all([far(given.source, given.roundTripMs), far(destination.host, given.roundTripMs)]);
  try {
    const errand = { source: ends[0].host, destination: ends[1].host, repository: REPOSITORY, tags: given.tags };
    if (given.isPresent) await copyOnce(errand, makeReady);
    return await copyOnce(errand, makeReady);
  } finally {
    for (const end of ends) await end[Symbol.asyncDispose]?.();
  }
}

type Measured = { readonly ours: number; readonly peers: Record<string, number>; readonly curl: number };

async function measure(
  runs: number,
  peers: readonly Peer[],
  given: Case,
  imageForCurl?: PushedImage,
): Promise<Measured> {
  const all: Record<string, () => Promise<number>> = { ours: () => timed(given, readyEngine) };
  for (const { name, copy } of peers) all[name] = () => timed(given, readyProgram(copy));
  if (imageForCurl !== undefined) {
    const copy = (errand: Errand) => copyWithCurl(errand, imageForCurl, CURL_LANES);
    all['curl'] = () => timed(given, readyProgram(copy));
  }
  const { ours = [], curl = [], ...rest } = await interleave(runs, all);
  const medians = Object.entries(rest).map(([name, values]) => [name, median(values)] as const);
  return {
    ours: median(ours),
    peers: Object.fromEntries(medians),
    curl: curl.length === 0 ? Number.NaN : median(curl),
  };
}

async function bigLayers(runs: number, peers: readonly Peer[]): Promise<BenchCase[]> {
  await using source = await startDockerRegistry();
  const pushed = await pushRandomImage(source.host, REPOSITORY, { tag: 'v1', layerCount: 8, layerMib: 100 });
  const given = { source: source.host, tags: ['v1'], roundTripMs: 0, isPresent: false };
  const { ours, peers: theirs, curl } = await measure(runs, peers, given, pushed);
  return [
    relativeCase('copy: 8 x 100 MiB on this machine', 'ms', ours, 1, theirs),
    relativeCase('copy: 8 x 100 MiB beside curl', 'ms', ours, 1.2, { curl }),
  ];
}

async function manySmall(runs: number, peers: readonly Peer[]): Promise<BenchCase[]> {
  await using source = await startDockerRegistry();
  const given = await smallLayers(source.host);
  const { ours, peers: theirs } = await measure(runs, peers, given);
  const only = (isTuned: boolean) =>
    Object.fromEntries(
      peers.flatMap(({ name, isTuned: is }) => (is === isTuned ? [[name, theirs[name] ?? Number.NaN]] : [])),
    );
  return [
    relativeCase('copy: 60 x 1 MiB, 40 ms away', 'ms', ours, 0.4, only(false)),
    relativeCase('copy: 60 x 1 MiB, 40 ms away, beside tuned peers', 'ms', ours, 0.9, only(true)),
  ];
}

async function present(runs: number, peers: readonly Peer[]): Promise<BenchCase[]> {
  await using source = await startDockerRegistry();
  const given = await smallLayers(source.host);
  const { ours, peers: theirs } = await measure(runs, peers, { ...given, isPresent: true });
  return [relativeCase('copy: the same, already there', 'ms', ours, 0.7, theirs)];
}

async function smallLayers(source: string): Promise<Case> {
  await pushRandomImage(source, REPOSITORY, { tag: 'v1', layerCount: 60, layerMib: 1 });
  return { source, tags: ['v1'], roundTripMs: ROUND_TRIP_MS, isPresent: false };
}

async function manyTags(runs: number, peers: readonly Peer[]): Promise<BenchCase[]> {
  await using source = await startDockerRegistry();
  const { blobs } = await pushRandomImage(source.host, REPOSITORY, { tag: 'v0', layerCount: 6, layerMib: 4 });
  const tags = ['v0'];
  for (let number = 1; number < 20; number += 1) {
    tags.push(`v${number}`);
    const base = blobs.slice(1);
    await pushRandomImage(source.host, REPOSITORY, { tag: `v${number}`, layerCount: 1, layerMib: 1, base });
  }
  const given = { source: source.host, tags, roundTripMs: ROUND_TRIP_MS, isPresent: false };
  const { ours, peers: theirs } = await measure(runs, peers, given);
  return [relativeCase('copy: 20 tags that share layers, 40 ms away', 'ms', ours, 0.5, theirs)];
}

/** Resident memory of this process while 20 GiB pass through it. */
async function memory(): Promise<BenchCase[]> {
  await using registries = await startSynthetic(20, 1024);
  const before = usageOf(process.pid).memoryMiB;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, usageOf(process.pid).memoryMiB);
  }, 200);
  try {
    const { source, sink: destination } = registries;
    await copyOnce({ source, destination, repository: REPOSITORY, tags: ['v1'] }, readyEngine);
  } finally {
    clearInterval(timer);
  }
  return [absoluteCase('copy: memory growth on a 20 GiB image', 'MiB', most - before, 100)];
}

type CaseRun = (runs: number, peers: readonly Peer[]) => Promise<BenchCase[]>;

const atDefaults = (peers: readonly Peer[]): readonly Peer[] => peers.filter(({ isTuned }) => !isTuned);

/** By the names that `--only` takes. */
const CASES: Readonly<Record<string, CaseRun>> = {
  big: (runs, peers) => bigLayers(runs, atDefaults(peers)),
  small: manySmall,
  present: (runs, peers) => present(runs, atDefaults(peers)),
  tags: (runs, peers) => manyTags(runs, atDefaults(peers)),
  memory,
};

/**
 * `npm run bench -- copy [--only big,small,present,tags,memory]`: whole copies beside every peer on this machine, each
 * into a registry that is new.
 */
export async function benchCopy({ runs, only }: BenchOptions): Promise<BenchCase[]> {
  const peers = findPeers();
  const cases: BenchCase[] = [];
  for (const run of chosen(CASES, only)) cases.push(...(await run(runs, peers)));
  return cases;
}
