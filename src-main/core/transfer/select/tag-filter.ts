import Range from 'semver/classes/range.js';
import SemVer from 'semver/classes/semver.js';
import { InvalidInputError } from '../../gantry-error.ts';
import { compileGlob } from './glob.ts';

/** Which tags of a repository. Nothing set means all; `exclude` wins. */
export type TagFilter = {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** A range as npm has it: `^1.27 || >=2.0.0-0`. */
  readonly semver?: string | undefined;
};

/** What clients keep beside the images: cosign's signatures, attestations and SBOMs, and the referrers' fallback tag. */
const COMPANION = /^sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?$/;
const VERSION = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?((?:[-_+].*)?)$/;

/**
 * A test for tags. Tags made from a digest, which only accompany an image, pass only when a pattern spells out their
 * beginning: they are copied with the image they belong to.
 * @throws {InvalidInputError} for a range or pattern that is none
 */
export function compileTagFilter(filter: TagFilter = {}): (tag: string) => boolean {
  const include = (filter.include ?? []).map((pattern) => ({ pattern, test: compileGlob(pattern) }));
  const exclude = (filter.exclude ?? []).map(compileGlob);
  const range = filter.semver === undefined || filter.semver.trim() === '' ? undefined : readRange(filter.semver);
  return (tag) => {
    if (exclude.some((test) => test(tag))) return false;
    if (COMPANION.test(tag)) return include.some(({ pattern, test }) => pattern.startsWith('sha256-') && test(tag));
    if (include.length > 0 && !include.some(({ test }) => test(tag))) return false;
    return range === undefined || isInRange(tag, range);
  };
}

function readRange(text: string): Range {
  try {
    return new Range(text);
  } catch (cause) {
    throw new InvalidInputError('filter.semver', 'not a semver range', { cause });
  }
}

function isInRange(tag: string, range: Range): boolean {
  const version = readVersion(tag);
  return version !== undefined && range.test(version);
}

/** `1.27` and `v1` are versions as images have them; after `_` stands build metadata, since a tag cannot hold `+`. */
function readVersion(tag: string): SemVer | undefined {
  const match = VERSION.exec(tag);
  if (match === null) return undefined;
  const [, major, minor = '0', patch = '0', rest = ''] = match;
  try {
    return new SemVer(`${major}.${minor}.${patch}${rest.replace('_', '+')}`);
  } catch {
    return undefined;
  }
}
