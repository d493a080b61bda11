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

function variantNumber(platform: Platform): number | undefined {
  const match = /^v([0-9]{1,2})$/.exec(platform.variant ?? '');
  if (match !== null) return Number(match[1]);
  if (platform.variant !== undefined) return undefined;
  return platform.architecture === 'arm64' ? 8 : 1;
}

/** How well a machine of the `host` architecture runs `child`: 0 is best, undefined not at all (a higher variant). */
function hostRank(child: Platform, host: Platform): number | undefined {
  if (child.os !== 'linux' || child.architecture !== host.architecture) return undefined;
  const has = variantNumber(child);
  const can = variantNumber(host);
  if (has === undefined || can === undefined) return child.variant === host.variant ? 0 : undefined;
  return has > can ? undefined : can - has;
}

const OTHER_PREFERENCES: ReadonlyArray<(platform: Platform) => boolean> = [
  (platform) => platform.os === 'linux' && platform.architecture === 'amd64' && platform.variant === undefined,
  (platform) => platform.os === 'linux' && platform.architecture === 'amd64',
  (platform) => platform.os === 'linux',
  (platform) => platform.os === 'windows',
];

/**
 * The child of an index to show first: linux with the architecture of `host` (the highest variant that it can run),
 * else linux/amd64, any linux, windows, the first. Aliases are followed. Undefined only for an empty list.
 */
export function choosePlatform<Child extends { readonly platform?: Platform | undefined }>(
  children: readonly Child[],
  host: Platform,
): Child | undefined {
  const machine = normalisePlatform(host);
  const known = children.flatMap((child) =>
    child.platform === undefined ? [] : [{ child, platform: normalisePlatform(child.platform) }],
  );
  let best: { readonly child: Child; readonly rank: number } | undefined;
  for (const { child, platform } of known) {
    const rank = hostRank(platform, machine);
    if (rank !== undefined && (best === undefined || rank < best.rank)) best = { child, rank };
  }
  if (best !== undefined) return best.child;
  for (const prefers of OTHER_PREFERENCES) {
    const found = known.find(({ platform }) => prefers(platform));
    if (found !== undefined) return found.child;
  }
  return children[0];
}
