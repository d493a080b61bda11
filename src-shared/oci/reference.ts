import { z } from 'zod';
import { type Digest, isDigest } from './digest.ts';
import { OciError } from './oci-error.ts';
import { canonicalRegistryHost, DOCKER_HUB } from './registry-host.ts';

const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const MAX_REPOSITORY_LENGTH = 255;
const MAX_REFERENCE_LENGTH = 1024;

/** OCI repository name, 255 characters at most. Spec: OCI distribution 1.1, "Pulling manifests", `<name>`. */
export const repositoryNameSchema = z.string().max(MAX_REPOSITORY_LENGTH).regex(REPOSITORY, 'not a repository name');

/** OCI tag. Spec: OCI distribution 1.1, "Pulling manifests", `<reference>` as a tag. */
export const tagSchema = z.string().regex(TAG, 'not a tag');

/** Where something is: a registry (`host[:port]`, canonical), a repository in it, and what is asked of it. */
export type Reference = {
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
};

export type ReferenceOptions = {
  /** Taken when the text names none; `docker.io` when absent. */
  readonly defaultRegistry?: string;
  /** Taken when the text has neither tag nor digest; `latest` when absent, none at all when null. */
  readonly defaultTag?: string | null;
  /** The part before the first slash is the registry whatever it looks like, and must be there. */
  readonly requireRegistry?: boolean;
};

/** True for a name that may stand in `/v2/<name>/` without escaping. */
export function isRepositoryName(text: string): boolean {
  return text.length <= MAX_REPOSITORY_LENGTH && REPOSITORY.test(text);
}

/** True for a tag that may stand in a URL without escaping. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

function refuse(reason: string, input: string): OciError {
  return new OciError('reference-syntax', reason, input);
}

function looksLikeHost(part: string): boolean {
  return part.includes('.') || part.includes(':') || part === 'localhost';
}

function splitDigest(text: string): readonly [name: string, digest: Digest | undefined] {
  const at = text.indexOf('@');
  if (at === -1) return [text, undefined];
  const digest = text.slice(at + 1);
  if (!isDigest(digest)) throw refuse('not a sha256 or sha512 digest after "@"', text);
  return [text.slice(0, at), digest];
}

function splitTag(text: string): readonly [name: string, tag: string | undefined] {
  const colon = text.lastIndexOf(':');
  if (colon <= text.lastIndexOf('/')) return [text, undefined];
  const tag = text.slice(colon + 1);
  if (!isTag(tag)) throw refuse('not a tag after ":"', text);
  return [text.slice(0, colon), tag];
}

function splitRegistry(name: string, options: ReferenceOptions): readonly [registry: string, path: string] {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  if (slash > 0 && (options.requireRegistry === true || looksLikeHost(first))) {
    return [canonicalRegistryHost(first), name.slice(slash + 1)];
  }
  if (options.requireRegistry === true) throw refuse('no registry before the first "/"', name);
  return [canonicalRegistryHost(options.defaultRegistry ?? DOCKER_HUB), name];
}

/** On Docker Hub a name of one part belongs to the official images: `nginx` is `library/nginx`. */
function normaliseRepository(registry: string, path: string): string {
  const repository = registry === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path;
  if (!isRepositoryName(repository)) throw refuse('not a repository name', path);
  return repository;
}

/**
 * Reads a reference the way Docker does: no registry means Docker Hub (`docker.io`, whichever alias was written),
 * `library/` before a single name there, tag `latest` when neither tag nor digest is given. Tag and digest together
 * are both kept; the digest decides what is fetched.
 * Spec: OCI distribution 1.1, "Pulling manifests"; the grammar of distribution/reference.
 * @throws {OciError} kind `reference-syntax`, or `host-syntax` for the registry part
 */
export function parseReference(text: string, options: ReferenceOptions = {}): Reference {
  if (text.length > MAX_REFERENCE_LENGTH) throw refuse('longer than 1024 characters', text);
  const [withTag, digest] = splitDigest(text);
  const [name, typedTag] = splitTag(withTag);
  const [registry, path] = splitRegistry(name, options);
  const repository = normaliseRepository(registry, path);
  const fallback = digest === undefined && options.defaultTag !== null ? (options.defaultTag ?? 'latest') : undefined;
  const tag = typedTag ?? fallback;
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The full form, with registry: `docker.io/library/nginx:1.27@sha256:…`. `parseReference` reads it back. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}
