import { literalAddress } from '../transport/address-policy.ts';
import { isLoopbackName } from '../transport/local-host.ts';

/**
 * Token servers that belong to a registry of another name, so that a person is not asked about them. Each pair was
 * read from the registry's own challenge or its maker's words; most registries (ghcr.io, quay.io, gcr.io and
 * *.pkg.dev, public.ecr.aws, *.azurecr.io, cgr.dev, dhi.io, *.ocir.io, container-registry.oracle.com, codeberg.org)
 * are their own token servers and need none. A registry that begins with `*.` stands for all names below it.
 */
const KNOWN_PAIRS: readonly (readonly [registry: string, tokenHost: string])[] = [
  // index.docker.io and registry-1.docker.io are the same registry, and asked at the latter.
  ['registry-1.docker.io', 'auth.docker.io'],
  ['registry.gitlab.com', 'gitlab.com'],
  ['registry.digitalocean.com', 'api.digitalocean.com'],
  ['docker.elastic.co', 'docker-auth.elastic.co'],
  // LinuxServer.io's name for its images on GitHub: getwud/wud#143.
  ['lscr.io', 'ghcr.io'],
  // Names another realm once a token has expired: NVIDIA/nvidia-container-toolkit#1945.
  ['nvcr.io', 'authn.nvidia.com'],
  // apple/container#2268.
  ['*.scw.cloud', 'api.scaleway.com'],
  // One token server for the registries of many regions, those of companies (*.cr.aliyuncs.com) included.
  ['*.aliyuncs.com', 'dockerauth.cn-hangzhou.aliyuncs.com'],
  ['*.pkg.coding.net', 'auth.pkg.coding.net'],
  ['registry.redhat.io', 'sso.redhat.com'],
  ['registry.connect.redhat.com', 'sso.redhat.com'],
];

/**
 * True when a credential for the registry may be sent to this realm: the registry's own host name (any port: the
 * same name and certificate stand behind it, and docker_auth's usual set-up is registry:5000 with auth:5001), a
 * built-in pair, or a host the person trusted for this credential. Everything else must be asked about first
 * (SECURITY-CASES V3, A01).
 */
export function isTrustedTokenHost(realm: URL, registry: URL, trusted: readonly string[]): boolean {
  return isOwnHost(realm, registry) || isKnownPair(realm, registry) || trusted.some((host) => isHost(realm, host));
}

/**
 * On this machine the next port is no part of the registry: that may be a forwarded port of another machine, and the
 * next one any program of this one. `checkRealm` asks nothing there of a literal loopback address; of `localhost`, where
 * docker_auth is tried out, it may be asked, and gets a credential when the person says so.
 */
function isOwnHost(realm: URL, registry: URL): boolean {
  const isLocalName = literalAddress(realm.hostname) === undefined && isLoopbackName(realm.hostname);
  return realm.host === registry.host || (realm.hostname === registry.hostname && !isLocalName);
}

function isKnownPair(realm: URL, registry: URL): boolean {
  if (realm.protocol !== 'https:' || realm.port !== '' || registry.port !== '') return false;
  return KNOWN_PAIRS.some(
    ([name, tokenHost]) =>
      realm.hostname === tokenHost &&
      (name.startsWith('*.') ? registry.hostname.endsWith(name.slice(1)) : registry.hostname === name),
  );
}

/** `auth.example.com` is port 443 of https (80 of http), as in an address. */
function isHost(realm: URL, host: string): boolean {
  return URL.parse(`${realm.protocol}//${host}`)?.host === realm.host;
}
