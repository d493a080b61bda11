import { isRepositoryName } from '#shared/oci/reference.ts';
import { SpecError } from './spec-error.ts';

export type RouteKind = 'base' | 'catalog' | 'tags' | 'manifest' | 'blob' | 'uploads' | 'upload' | 'referrers';

/** What a path names. `argument` is the reference, digest or session id, not yet checked; empty where none belongs. */
export type Route = { readonly kind: RouteKind; readonly repository: string; readonly argument: string };

/**
 * Reads a path from its end, since a repository name may hold any of the fixed words.
 * Spec: OCI distribution 1.1, "Endpoints". @throws {SpecError} 404 for no such endpoint, 400 for a bad name
 */
export function parseRoute(path: string): Route {
  const segments = decode(path).split('/');
  if (segments[0] !== '' || segments[1] !== 'v2') throw unknownPath();
  const rest = segments.slice(2);
  if (rest.length === 0 || (rest.length === 1 && rest[0] === '')) return { kind: 'base', repository: '', argument: '' };
  if (rest.length === 1 && rest[0] === '_catalog') return { kind: 'catalog', repository: '', argument: '' };
  const { kind, nameLength, argument } = matchEnd(rest);
  const repository = rest.slice(0, nameLength).join('/');
  if (!isRepositoryName(repository)) throw new SpecError(400, 'NAME_INVALID', 'invalid repository name');
  return { kind, repository, argument };
}

type End = { readonly kind: RouteKind; readonly nameLength: number; readonly argument: string };

function matchEnd(rest: readonly string[]): End {
  const last = rest.at(-1) ?? '';
  const [third, second] = [rest.at(-3), rest.at(-2)];
  const end = (kind: RouteKind, endLength: number, argument = ''): End => ({
    kind,
    nameLength: rest.length - endLength,
    argument,
  });
  if (third === 'blobs' && second === 'uploads') return last === '' ? end('uploads', 3) : end('upload', 3, last);
  if (second === 'blobs') return last === 'uploads' ? end('uploads', 2) : end('blob', 2, last);
  if (second === 'manifests') return end('manifest', 2, last);
  if (second === 'referrers') return end('referrers', 2, last);
  if (second === 'tags' && last === 'list') return end('tags', 2);
  throw unknownPath();
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw unknownPath();
  }
}

const unknownPath = () => new SpecError(404, 'UNSUPPORTED', 'no such endpoint');
