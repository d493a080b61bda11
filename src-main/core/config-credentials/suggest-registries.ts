import type { AuthEntry } from './auth-entry.ts';
import type { ConfigFile } from './config-file.ts';
import { isSameHost, scopeOfKey } from './config-keys.ts';
import type { ConfigSource } from './config-places.ts';
import { type Considered, type ReadPlace, whereOf } from './look-up.ts';

/** A registry this person probably wants. */
export type SuggestedRegistry = {
  readonly host: string;
  readonly label: string;
  readonly source: ConfigSource | 'well-known';
  /** A file, or a helper it names, holds a credential. */
  readonly hasCredential: boolean;
  /** Whom a file names; absent when only a helper knows. */
  readonly username?: string;
};

/** Public registries by their host, with the name people call them. */
export const WELL_KNOWN_REGISTRIES: ReadonlyMap<string, string> = new Map([
  ['docker.io', 'Docker Hub'],
  ['ghcr.io', 'GitHub'],
  ['quay.io', 'Quay'],
  ['registry.gitlab.com', 'GitLab'],
  ['public.ecr.aws', 'Amazon ECR Public'],
  ['mcr.microsoft.com', 'Microsoft'],
  ['gcr.io', 'Google'],
  ['registry.k8s.io', 'Kubernetes'],
]);

const MAX_HOSTS = 200;

type Named = { readonly host: string; readonly hasCredential: boolean; readonly username?: string };

/** Hosts named in the places, in their order, then the well-known ones; each host once. Asks no helper. */
export function suggestRegistries(places: readonly ReadPlace[]): readonly SuggestedRegistry[] {
  const found = new Map<string, SuggestedRegistry>();
  for (const { place, content } of places) {
    if (content.kind !== 'read') continue;
    for (const named of hostsIn(content.file)) {
      const earlier = found.get(named.host);
      if (earlier === undefined && found.size >= MAX_HOSTS) continue;
      found.set(named.host, merge(earlier, named, place.source));
    }
  }
  for (const [host, label] of WELL_KNOWN_REGISTRIES) {
    if (!found.has(host)) found.set(host, { host, label, source: 'well-known', hasCredential: false });
  }
  return [...found.values()];
}

/**
 * Places that hold a credential for the host, or name a helper for it, for a registry that is used without: told as
 * `not-reached`. Asks no helper.
 */
export function placesHolding(places: readonly ReadPlace[], host: string): readonly Considered[] {
  return places.flatMap(({ place, content }) => {
    const named = content.kind === 'read' ? hostsIn(content.file) : [];
    if (!named.some((each) => each.hasCredential && isSameHost(each.host, host))) return [];
    return [{ ...whereOf(place), outcome: 'not-reached' as const, detail: 'it holds a credential for this registry' }];
  });
}

/** The first to name a host is its source, and the first to name a person says who it is. */
function merge(earlier: SuggestedRegistry | undefined, named: Named, source: ConfigSource): SuggestedRegistry {
  const username = earlier?.username ?? named.username;
  return {
    host: named.host,
    label: WELL_KNOWN_REGISTRIES.get(named.host) ?? named.host,
    source: earlier?.source ?? source,
    hasCredential: named.hasCredential || earlier?.hasCredential === true,
    ...(username === undefined ? {} : { username }),
  };
}

function hostsIn({ auths, credHelpers, credsStore }: ConfigFile): readonly Named[] {
  const withEntry = auths.flatMap(([key, entry]) => {
    const host = scopeOfKey(key)?.host;
    return host === undefined ? [] : [{ host, ...readEntry(entry, credsStore !== undefined) }];
  });
  const withHelper = credHelpers.flatMap(([key, helper]) => {
    const host = scopeOfKey(key)?.host;
    return host === undefined || helper === '' ? [] : [{ host, hasCredential: true }];
  });
  return [...withEntry, ...withHelper];
}

/** With a credential store docker writes `auths: {host: {}}`: the empty entry says the store has it. */
function readEntry(entry: AuthEntry, hasStore: boolean): Omit<Named, 'host'> {
  if (entry.kind !== 'credential') return { hasCredential: entry.kind === 'empty' && hasStore };
  const { credential } = entry;
  return { hasCredential: true, ...(credential.kind === 'password' ? { username: credential.username } : {}) };
}
