import { posix } from 'node:path';

/**
 * A name of an archive in its one form: relative, `/` between its parts, no `.`, no slash at the end. Undefined for what
 * leads out or means something else elsewhere: `..`, an absolute path, a drive, a backslash, a control character
 * (SECURITY-CASES T05, T16).
 */
export function entryPath(text: string): string | undefined {
  if (text.startsWith('/') || /^[A-Za-z]:/.test(text) || /[\\\p{Cc}]/u.test(text)) return undefined;
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts.join('/');
}

/**
 * What a symbolic link at `path` means, as a name of the archive: links between layers (`../<id>/layer.tar`) are what
 * older docker writes. Undefined when it leads out.
 */
export function linkPath(path: string, target: string): string | undefined {
  if (target.startsWith('/')) return undefined;
  return entryPath(posix.join(posix.dirname(path), target));
}
