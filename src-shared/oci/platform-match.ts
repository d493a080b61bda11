import { normalisePlatform, type Platform } from './platform.ts';

type List = readonly string[];

function includesAll(have: List, want: List): boolean {
  const set = new Set(have);
  return want.every((entry) => set.has(entry));
}

function sameMembers(a: List, b: List): boolean {
  return includesAll(a, b) && includesAll(b, a);
}

/** The same platform, letter by letter; lists without order. No alias is followed: normalise first for that. */
export function equalPlatforms(a: Platform, b: Platform): boolean {
  return (
    a.os === b.os &&
    a.architecture === b.architecture &&
    (a.variant ?? '') === (b.variant ?? '') &&
    (a.osVersion ?? '') === (b.osVersion ?? '') &&
    sameMembers(a.osFeatures, b.osFeatures) &&
    sameMembers(a.features, b.features)
  );
}

function meets(have: string | undefined, want: string | undefined): boolean {
  return want === undefined || want === '' || want === have;
}

/** Does `have` meet what `want` asks for? Fields empty in `want` are not compared; features asked for must be there. */
export function satisfiesPlatform(have: Platform, want: Platform): boolean {
  return (
    meets(have.os, want.os) &&
    meets(have.architecture, want.architecture) &&
    meets(have.variant, want.variant) &&
    meets(have.osVersion, want.osVersion) &&
    includesAll(have.osFeatures, want.osFeatures) &&
    includesAll(have.features, want.features)
  );
}

/** What a 64-bit processor runs besides its own; the number is the variant up to which. Spec: containerd/platforms, compare.go. */
const ALSO_RUNS: ReadonlyMap<string, readonly [architecture: string, variant: number]> = new Map([
  ['amd64', ['386', 1]],
  ['arm64', ['arm', 8]],
]);

/** From Windows Server 2022 on a host runs the images of its own build and of those before it, down to this one. */
const FIRST_STABLE_BUILD = 20_348;

/** What an entry of an index is for that does not say, as go-containerregistry takes it. */
const UNSTATED: Platform = { os: 'linux', architecture: 'amd64', osFeatures: [], features: [] };

function variantNumber(platform: Platform): number | undefined {
  const match = /^v([0-9]{1,2})$/.exec(platform.variant ?? '');
  if (match !== null) return Number(match[1]);
  if (platform.variant !== undefined) return undefined;
  return platform.architecture === 'arm64' ? 8 : 1;
}

/** How far below what the machine can the child's variant is; undefined when it is above. */
function variantDistance(child: Platform, machine: Platform): number | undefined {
  const has = variantNumber(child);
  const can = variantNumber(machine);
  if (has === undefined || can === undefined) return child.variant === machine.variant ? 0 : undefined;
  return has > can ? undefined : can - has;
}

function architectureDistance(child: Platform, machine: Platform): number | undefined {
  if (child.architecture === machine.architecture) return variantDistance(child, machine);
  const [other, upTo] = ALSO_RUNS.get(machine.architecture) ?? [];
  if (other !== child.architecture || upTo === undefined) return undefined;
  const has = variantNumber(child) ?? Number.POSITIVE_INFINITY;
  return has > upTo ? undefined : 100 + upTo - has;
}

function buildOf({ osVersion }: Platform): number | undefined {
  const match = /^[0-9]{1,5}\.[0-9]{1,5}\.([0-9]{1,9})(?:\.|$)/.exec(osVersion ?? '');
  return match === null ? undefined : Number(match[1]);
}

/** Windows shares its kernel with its containers, so the build counts, and nothing behind it. */
function buildDistance(child: Platform, machine: Platform): number | undefined {
  const can = buildOf(machine);
  const has = buildOf(child);
  if (child.os !== 'windows' || can === undefined) return 0;
  if (has === undefined) return 100_000;
  if (has === can) return 0;
  return has >= FIRST_STABLE_BUILD && has < can ? can - has : undefined;
}

/** Smaller is better; undefined when the machine does not run it. */
function distance(child: Platform, machine: Platform): number | undefined {
  if (child.os !== machine.os || !includesAll(child.osFeatures, machine.osFeatures)) return undefined;
  const architecture = architectureDistance(child, machine);
  const build = buildDistance(child, machine);
  return architecture === undefined || build === undefined ? undefined : architecture * 1_000_000 + build;
}

/**
 * The children that a machine runs, best first: its own architecture with the highest variant it can (arm v7 before v6,
 * amd64 v3 before v2), then what it runs besides (386 on amd64, arm on arm64); for Windows the build it has, then the
 * nearest before it. A child without a platform counts as linux/amd64. Equal ones stay in the order of the index.
 */
export function rankPlatforms<Child extends { readonly platform?: Platform | undefined }>(
  children: readonly Child[],
  machine: Platform,
): readonly Child[] {
  const wanted = normalisePlatform(machine);
  return children
    .flatMap((child) => {
      const rank = distance(normalisePlatform(child.platform ?? UNSTATED), wanted);
      return rank === undefined ? [] : [{ child, rank }];
    })
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ child }) => child);
}

const OTHER_PREFERENCES: ReadonlyArray<(platform: Platform) => boolean> = [
  (platform) => platform.os === 'linux' && platform.architecture === 'amd64' && platform.variant === undefined,
  (platform) => platform.os === 'linux' && platform.architecture === 'amd64',
  (platform) => platform.os === 'linux',
  (platform) => platform.os === 'windows',
];

/**
 * The child of an index to show first: what a linux machine with the architecture of `host` would run, else linux/amd64,
 * any linux, windows, the first. Linux also for other hosts, whose containers run in a linux machine of their own.
 * Aliases are followed. Undefined only for an empty list.
 */
export function choosePlatform<Child extends { readonly platform?: Platform | undefined }>(
  children: readonly Child[],
  host: Platform,
): Child | undefined {
  const { osVersion: _osVersion, ...machine } = host;
  const [best] = rankPlatforms(children, { ...machine, os: 'linux', osFeatures: [] });
  if (best !== undefined) return best;
  const known = children.map((child) => ({ child, platform: normalisePlatform(child.platform ?? UNSTATED) }));
  for (const prefers of OTHER_PREFERENCES) {
    const found = known.find(({ platform }) => prefers(platform));
    if (found !== undefined) return found.child;
  }
  return children[0];
}
