import { OciError } from '#shared/oci/oci-error.ts';
import { parsePasted } from '#shared/oci/pasted-reference.ts';
import type { Reference } from '#shared/oci/reference.ts';
import { imagePath, parsePath, repositoryPath } from './paths.ts';

type KnownRegistry = { readonly id: string; readonly host: string };

export type Destination =
  | { readonly kind: 'path'; readonly path: string }
  /** The reference is good, its registry is not in the list. */
  | { readonly kind: 'unknown-registry'; readonly host: string; readonly reference: string }
  | { readonly kind: 'malformed'; readonly message: string };

const OF_REFERENCE: Partial<Record<OciError['kind'], string>> = { 'digest-syntax': 'Not a digest' };

function parse(text: string): Reference | string {
  try {
    return parsePasted(text);
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    return `${OF_REFERENCE[error.kind] ?? 'Not a reference'}: ${error.message}`;
  }
}

/** The page of a reference in this registry: of the digest when there is one, else the tag, else the repository. */
export function pathOfReference(registryId: string, { repository, tag, digest }: Reference): string {
  const reference = digest ?? tag;
  return reference === undefined
    ? repositoryPath({ registryId, repository })
    : imagePath({ registryId, repository, reference });
}

/** Where a pasted text leads to. Never throws. */
export function destinationOf(text: string, registries: readonly KnownRegistry[]): Destination {
  if (text.trim() === '')
    return { kind: 'malformed', message: 'Type or paste a reference, such as ghcr.io/owner/app:1.0' };
  const reference = parse(text);
  if (typeof reference === 'string') return { kind: 'malformed', message: reference };
  const registry = registries.find(({ host }) => host === reference.registry);
  if (registry === undefined) return { kind: 'unknown-registry', host: reference.registry, reference: text.trim() };
  return { kind: 'path', path: pathOfReference(registry.id, reference) };
}

/** `owner/app`, or a whole reference of this registry, as the name of a repository; undefined when it is neither. */
export function readRepository(text: string, registry: KnownRegistry): string | undefined {
  const typed = text.trim();
  const candidates = typed.startsWith(`${registry.host}/`) ? [typed] : [`${registry.host}/${typed}`, typed];
  for (const candidate of candidates) {
    const destination = destinationOf(candidate, [registry]);
    const place = destination.kind === 'path' ? parsePath(destination.path) : undefined;
    if (place !== undefined && 'repository' in place) return place.repository;
  }
  return undefined;
}
