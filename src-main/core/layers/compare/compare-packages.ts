import { compareNames } from '../browse/list-directory.ts';
import type { Ecosystem, InstalledPackage } from '../packages/installed-package.ts';
import type { Difference } from './compare-images.ts';

/** What one side has of a package: one version mostly, several of npm. */
export type PackageSide = { readonly versions: string[]; readonly architecture?: string; readonly license?: string };

export type ComparedPackage = {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly difference: Difference;
  readonly left?: PackageSide;
  readonly right?: PackageSide;
};

const MAX_VERSIONS = 50;

/** Packages of both sides by ecosystem and name. */
export function comparePackages(
  left: readonly InstalledPackage[],
  right: readonly InstalledPackage[],
): readonly ComparedPackage[] {
  const lefts = groupByName(left);
  const rights = groupByName(right);
  const keys = [...new Set([...lefts.keys(), ...rights.keys()])].toSorted(compareNames);
  return keys.flatMap((key) => toRow(lefts.get(key), rights.get(key)));
}

function groupByName(packages: readonly InstalledPackage[]): ReadonlyMap<string, readonly InstalledPackage[]> {
  return Map.groupBy(packages, ({ ecosystem, name }) => `${ecosystem}\u0000${name}`);
}

function toRow(
  left: readonly InstalledPackage[] | undefined,
  right: readonly InstalledPackage[] | undefined,
): readonly ComparedPackage[] {
  const [any] = left ?? right ?? [];
  if (any === undefined) return [];
  const sides = { ...(left && { left: toSide(left) }), ...(right && { right: toSide(right) }) };
  return [{ ecosystem: any.ecosystem, name: any.name, difference: differenceOf(sides), ...sides }];
}

function differenceOf({ left, right }: Pick<ComparedPackage, 'left' | 'right'>): Difference {
  if (left === undefined) return 'added';
  if (right === undefined) return 'removed';
  return left.versions.join('\u0000') === right.versions.join('\u0000') ? 'same' : 'changed';
}

function toSide(packages: readonly InstalledPackage[]): PackageSide {
  const versions = [...new Set(packages.map(({ version }) => version))].toSorted(compareNames);
  const architecture = packages.find((one) => one.architecture !== undefined)?.architecture;
  const license = packages.find((one) => one.license !== undefined)?.license;
  return {
    versions: versions.slice(0, MAX_VERSIONS),
    ...(architecture === undefined ? {} : { architecture }),
    ...(license === undefined ? {} : { license }),
  };
}
