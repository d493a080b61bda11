import { DOCKER_HUB } from './registry-host.ts';

/** Public registries that many people type by hand. */
const KNOWN: ReadonlySet<string> = new Set([
  DOCKER_HUB,
  'ghcr.io',
  'quay.io',
  'gcr.io',
  'public.ecr.aws',
  'mcr.microsoft.com',
  'registry.gitlab.com',
  'registry.k8s.io',
  'registry.access.redhat.com',
  'registry.redhat.io',
  'docker.elastic.co',
  'container-registry.oracle.com',
  'nvcr.io',
  'lscr.io',
  'cgr.dev',
  'codeberg.org',
]);

/** The shared start and end of both texts taken off: what is left is where they differ. */
function difference(a: string, b: string): readonly [a: string, b: string] {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

/** One letter wrong, missing or too many, or two neighbours swapped. */
function isOneSlipAway(a: string, b: string): boolean {
  const [left, right] = difference(a, b);
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}

/**
 * The well-known registry that a host is one slip of the fingers away from: `ghrc.io` → `ghcr.io`. Such names are
 * registered by others, and answer with a challenge for a password (SECURITY-CASES V20, N04): ask before one is sent.
 * Takes a canonical host; a well-known one is no slip of another.
 */
export function likelyMeantRegistry(host: string): string | undefined {
  if (KNOWN.has(host)) return undefined;
  return [...KNOWN].find((known) => isOneSlipAway(host, known));
}
