import { lookup as dnsLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * How far inside a network an address lies, outermost first. A server may send us as far in as it lies itself,
 * never further: a public registry must not aim our requests at the person's own network (SECURITY-CASES V3, V4).
 */
export const REACHES = ['public', 'private', 'loopback', 'forbidden'] as const;
export type Reach = (typeof REACHES)[number];

/** Tells where an address lies. Injected in tests, where everything is loopback. */
export type ClassifyAddress = (address: string) => Reach;

const RANGES: readonly (readonly [reach: Reach, network: string, prefix: number])[] = [
  ['loopback', '127.0.0.0', 8],
  ['loopback', '::1', 128],
  ['private', '10.0.0.0', 8],
  ['private', '172.16.0.0', 12],
  ['private', '192.168.0.0', 16],
  ['private', '100.64.0.0', 10],
  ['private', 'fc00::', 7],
  ['forbidden', '0.0.0.0', 8],
  ['forbidden', '169.254.0.0', 16],
  ['forbidden', '192.0.0.0', 24],
  ['forbidden', '198.18.0.0', 15],
  ['forbidden', '224.0.0.0', 3],
  // IPv4 in obsolete clothes (`::a.b.c.d`, `::ffff:0:a.b.c.d`) and a network's own NAT64, whose prefix length is not known.
  ['forbidden', '::', 96],
  ['forbidden', '::ffff:0:0:0', 96],
  ['forbidden', '64:ff9b:1::', 48],
  // Teredo: a tunnel to the IPv4 address of whoever made the name up.
  ['forbidden', '2001::', 32],
  ['forbidden', 'fe80::', 10],
  ['forbidden', 'fec0::', 10],
  ['forbidden', 'ff00::', 8],
];

function buildLists(): ReadonlyMap<Reach, BlockList> {
  const lists = new Map<Reach, BlockList>();
  for (const [reach, network, prefix] of RANGES) {
    const list = lists.get(reach) ?? new BlockList();
    list.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
    lists.set(reach, list);
  }
  return lists;
}

const LISTS = buildLists();

/**
 * The reach of an IP address in any spelling WHATWG URL gives (`[::ffff:7f00:1]` counts as 127.0.0.1; NAT64 and 6to4
 * prefixes are judged by the IPv4 address inside). Text that is no address is `forbidden`.
 */
export const classifyAddress: ClassifyAddress = (address) => {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 0) return 'forbidden';
  const inner = version === 6 ? embeddedIPv4(bare) : undefined;
  const family = version === 6 && inner === undefined ? 'ipv6' : 'ipv4';
  for (const [reach, list] of LISTS) {
    if (list.check(inner ?? bare, family)) return reach;
  }
  return 'public';
};

const MAPPED_PREFIX = '0000:0000:0000:0000:0000:ffff:';
const NAT64_PREFIX = '0064:ff9b:0000:0000:0000:0000:';
const SIX_TO_FOUR_PREFIX = '2002:';

/** The IPv4 address inside `::ffff:0:0/96`, `64:ff9b::/96` or `2002::/16`. */
function embeddedIPv4(address: string): string | undefined {
  const full = expandIPv6(address);
  if (full.startsWith(SIX_TO_FOUR_PREFIX)) return dotted(full.slice(5, 14));
  if (full.startsWith(MAPPED_PREFIX) || full.startsWith(NAT64_PREFIX)) return dotted(full.slice(30));
  return undefined;
}

/** `7f00:0001` as `127.0.0.1`. */
function dotted(groups: string): string {
  return (groups.replace(':', '').match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.');
}

/** All eight groups, four digits each. */
function expandIPv6(address: string): string {
  const host = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? '';
  const [head = '', tail = ''] = host.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [left, right] = [groups(head), groups(tail)];
  const middle = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...middle, ...right].map((group) => group.padStart(4, '0')).join(':');
}

/** The literal address in a URL's hostname, without brackets; undefined for a name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? undefined : bare;
}

/** True when a server of reach `from` may send us to an address of reach `to`. */
export function mayReach(from: Reach, to: Reach): boolean {
  return to !== 'forbidden' && REACHES.indexOf(to) <= REACHES.indexOf(from);
}

/** The outermost of two: a name that resolves both inside and outside is judged as outside. */
export function outermost(a: Reach | undefined, b: Reach): Reach {
  if (a === undefined) return b;
  return REACHES.indexOf(a) < REACHES.indexOf(b) ? a : b;
}

/** A connect was refused because a name resolved to an address the server may not send us to (A04, R04). */
export class AddressBlockedError extends Error {
  override readonly name = 'AddressBlockedError';
  readonly hostname: string;

  constructor(hostname: string) {
    super(`${hostname} is at an address a registry may not send Gantry to`);
    this.hostname = hostname;
  }
}

/**
 * A `lookup` for `net.connect` that shows every resolved address to `inspect` before any is connected to; what
 * `inspect` throws becomes the connect error. The socket uses the very addresses inspected, so a name cannot
 * change between check and use (A04).
 */
export function inspectingLookup(
  inspect: (hostname: string, addresses: readonly string[]) => void,
  lookup: LookupFunction = dnsLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '');
      const entries = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }];
      try {
        inspect(
          hostname,
          entries.map((entry) => entry.address),
        );
      } catch (cause) {
        return callback(cause instanceof Error ? cause : new AddressBlockedError(hostname), '');
      }
      const [first] = entries;
      if (options.all === true) return callback(null, entries);
      return callback(null, first?.address ?? '', first?.family);
    });
  };
}

/** Every address of a name. A system lookup cannot be stopped, so an abort only stops the wait for it. */
export function resolveAll(
  hostname: string,
  signal: AbortSignal,
  lookup: LookupFunction = dnsLookup,
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) return reject(signal.reason);
    lookup(hostname, { all: true }, (error, found) => {
      if (error !== null) reject(error);
      else resolve(Array.isArray(found) ? found.map((entry) => entry.address) : [found]);
    });
  });
}
