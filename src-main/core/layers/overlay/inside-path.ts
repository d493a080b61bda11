/** Deeper than any path a file system takes (PATH_MAX is 4,096 bytes). */
const MAX_DEPTH = 2048;

/** The names in a path; what means nothing is not among them. */
export function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/** Why a path has no place in the tree. */
export type Unplaceable = 'escaping' | 'too-deep';

/**
 * The parts of a path out of a tar, as names of the tree: `.`, empty parts and leading slashes mean nothing and go, as
 * every engine takes them. A `..` never leads anywhere, not even down and up again (SECURITY-CASES T05).
 */
export function segmentsOf(path: string): readonly string[] | Unplaceable {
  const segments = partsOf(path);
  if (segments.includes('..')) return 'escaping';
  return segments.length > MAX_DEPTH ? 'too-deep' : segments;
}

/** True for what a Windows machine, or a careless extractor, would not keep below the chosen place (T05). */
export function isUnsafeToSave(path: string): boolean {
  // Nearly every path has none of these, and this is asked for every one.
  if (!/[\\:]|\.\./.test(path) && !path.includes('\u0000')) return false;
  const clean = path.replaceAll('\\', '/');
  return path.startsWith('\\') || /^[a-z]:/i.test(clean) || clean.split('/').includes('..') || path.includes('\u0000');
}

/**
 * True when a relative link leads out of the root by `..`, seen from where it stands. An absolute target stays inside:
 * the root of whoever follows it is that of the image.
 */
export function isEscapingLink(path: string, target: string): boolean {
  const clean = target.replaceAll('\\', '/');
  if (clean.startsWith('/')) return false;
  if (/^[a-z]:/i.test(clean)) return true;
  let depth = partsOf(path).length - 1;
  for (const segment of clean.split('/')) {
    if (segment === '..') depth -= 1;
    else if (segment !== '' && segment !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
