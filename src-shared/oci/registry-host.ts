import { OciError } from './oci-error.ts';

/** The one name Gantry stores and shows for Docker Hub; the client knows which API host stands behind it. */
export const DOCKER_HUB = 'docker.io';

/** Names under which Docker Hub is met in commands, config files and URLs; all of them mean `docker.io`. */
const HUB_ALIASES: ReadonlySet<string> = new Set([
  DOCKER_HUB,
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
]);

const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const IPV6 = /^\[(?=[^\]]*:[^\]]*:)[0-9a-f:]{2,39}(?:\.[0-9.]{1,15})?\]$/;
const PORT = /^[0-9]{1,5}$/;
const MAX_HOST_LENGTH = 255;
const MAX_TYPED_LENGTH = 2048;
const DEFAULT_PORT = { http: 80, https: 443 } as const;

export type RegistryScheme = keyof typeof DEFAULT_PORT;

/** What a person typed as a registry: its canonical `host[:port]`, and the scheme when one was typed. */
export type TypedRegistryHost = { readonly host: string; readonly scheme?: RegistryScheme };

type HostAndPort = { readonly name: string; readonly port?: number };

function refuse(reason: string, input = ''): OciError {
  return new OciError('host-syntax', reason, input);
}

/** Splits at the colon that is not part of a bracketed IPv6 address. An empty port counts as none. */
function splitPort(text: string): readonly [name: string, port: string | undefined] {
  const colon = text.lastIndexOf(':');
  if (colon === -1 || colon < text.lastIndexOf(']')) return [text, undefined];
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function parseHostAndPort(text: string): HostAndPort {
  const [rawName, rawPort] = splitPort(text);
  const name = rawName.toLowerCase();
  if (name.length > MAX_HOST_LENGTH || !(NAME.test(name) || IPV6.test(name))) throw refuse('not a host name', text);
  if (rawPort === undefined) return { name };
  const port = Number(rawPort);
  if (!PORT.test(rawPort) || port < 1 || port > 65_535) throw refuse('port is not between 1 and 65535', text);
  return { name, port };
}

/**
 * Canonical `host[:port]`: lower case, no leading zeros in the port, every alias of Docker Hub as `docker.io`.
 * A port that was written stays (also `:443`), since the text does not say which scheme it is for.
 * @throws {OciError} kind `host-syntax`
 */
export function canonicalRegistryHost(text: string): string {
  const { name, port } = parseHostAndPort(text);
  if (HUB_ALIASES.has(name) && (port === undefined || port === DEFAULT_PORT.https)) return DOCKER_HUB;
  return port === undefined ? name : `${name}:${port}`;
}

/**
 * Reads a registry as a person types or pastes it: `docker.io`, `https://reg.example:5000/v2/`. Takes off a scheme,
 * slashes at the end, `/v2` or `/v1`, and the scheme's own default port. A user name or password is refused and
 * never repeated in the error (SECURITY-CASES N04).
 * @throws {OciError} kind `host-syntax`
 */
export function parseRegistryHost(text: string): TypedRegistryHost {
  const trimmed = text.trim();
  if (trimmed.includes('@')) throw refuse('a user name or password does not belong in the address');
  if (trimmed.length > MAX_TYPED_LENGTH) throw refuse('longer than 2048 characters', trimmed);
  const match = /^(?:(https?):\/\/)?([^/]*)(?:\/(?:v[12]\/?)?)?$/i.exec(trimmed.replace(/\/{2,}$/, '/'));
  if (match === null) throw refuse('not a registry address', trimmed);
  const host = canonicalRegistryHost(match[2] ?? '');
  const scheme = match[1]?.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') return { host };
  return { host: withoutPort(host, DEFAULT_PORT[scheme]), scheme };
}

function withoutPort(host: string, port: number): string {
  const suffix = `:${port}`;
  return host.endsWith(suffix) && splitPort(host)[1] === String(port) ? host.slice(0, -suffix.length) : host;
}

/**
 * `host:port` with the scheme's default port filled in, to compare where two addresses lead. Bare IPv6 gets its
 * brackets. Text that is no address comes back unchanged, so it equals only itself.
 */
export function hostWithPort(address: string, scheme: RegistryScheme): string {
  const bare = /^[0-9a-f:]+$/i.test(address) && address.split(':').length > 2 ? `[${address}]` : address;
  const text = bare.endsWith(':') ? bare.slice(0, -1) : bare;
  const [name, port] = splitPort(text.toLowerCase());
  if (/[\s[\]:@/]/.test(name) && !IPV6.test(name)) return address;
  return `${name}:${port ?? DEFAULT_PORT[scheme]}`;
}
