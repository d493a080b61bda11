import { canonicalRegistryHost, DOCKER_HUB, hostWithPort } from '#shared/oci/registry-host.ts';

/** What a key of a config file speaks for: a registry, or what lies below a path in it. */
export type KeyScope = { readonly host: string; readonly path: string };

/** Docker's own key for Docker Hub, and the name under which its helpers know it. */
export const HUB_KEY = 'https://index.docker.io/v1/';

/**
 * Reads a key as docker and podman write it: `registry.example:5000`, `https://registry.example/v2/` (docker: the
 * path says nothing), `quay.io/team/app` (podman: a namespace). Undefined for what names no registry, and for the two
 * extra entries that `docker login` keeps for itself beside Hub's.
 */
export function scopeOfKey(key: string): KeyScope | undefined {
  const bare = key.replace(/^https?:\/\//i, '');
  const [authority = '', ...segments] = bare.replace(/\/+$/, '').split('/');
  const host = canonicalOrNothing(authority);
  if (host === undefined) return undefined;
  if (host === DOCKER_HUB && /^(?:access|refresh)-token$/.test(segments.at(-1) ?? '')) return undefined;
  const isHostOnly = bare !== key || /^v[12]$/.test(segments[0] ?? '');
  return { host, path: isHostOnly ? '' : segments.join('/') };
}

/** True when the two name one registry; https's own port says nothing. */
export function isSameHost(one: string, other: string): boolean {
  return one === other || hostWithPort(one, 'https') === hostWithPort(other, 'https');
}

/**
 * The entry whose key speaks for `repository` of `host` (for the whole registry when absent): the longest path wins,
 * then docker's own spelling of Hub, then the first written.
 */
export function bestMatch<T>(
  entries: ReadonlyArray<readonly [key: string, value: T]>,
  { host, repository }: { readonly host: string; readonly repository?: string | undefined },
): { readonly key: string; readonly value: T } | undefined {
  let best: { readonly key: string; readonly value: T; readonly rank: number } | undefined;
  for (const [key, value] of entries) {
    const scope = scopeOfKey(key);
    if (scope === undefined || !isSameHost(scope.host, host) || !isBelow(repository, scope.path)) continue;
    const rank = scope.path.length * 2 + (key === HUB_KEY ? 1 : 0);
    if (best === undefined || rank > best.rank) best = { key, value, rank };
  }
  return best;
}

function isBelow(repository: string | undefined, path: string): boolean {
  if (path === '') return true;
  return repository !== undefined && (repository === path || repository.startsWith(`${path}/`));
}

function canonicalOrNothing(authority: string): string | undefined {
  try {
    return canonicalRegistryHost(authority);
  } catch {
    return undefined;
  }
}
