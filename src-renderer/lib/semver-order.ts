import type { SemVer } from 'semver';
import compareBuild from 'semver/functions/compare-build.js';
import parse from 'semver/functions/parse.js';
import { compareNatural, sortNatural } from './natural-order.ts';

/** A tag cannot hold `+`, so Helm and others write build metadata after `_`. */
function parseVersion(tag: string): SemVer | null {
  return parse(tag) ?? parse(tag.replace('_', '+'));
}

/** Versions newest first, then every other tag in natural order. A new array. */
export function sortSemver(tags: readonly string[]): string[] {
  const versions: { readonly tag: string; readonly version: SemVer }[] = [];
  const others: string[] = [];
  for (const tag of tags) {
    const version = parseVersion(tag);
    if (version === null) others.push(tag);
    else versions.push({ tag, version });
  }
  versions.sort((a, b) => compareBuild(b.version, a.version) || compareNatural(a.tag, b.tag));
  return [...versions.map(({ tag }) => tag), ...sortNatural(others)];
}
