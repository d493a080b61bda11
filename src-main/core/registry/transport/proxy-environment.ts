import { BlockList, isIP } from 'node:net';
import { literalAddress } from './address-policy.ts';
import { hostWithoutBrackets, isLoopbackName } from './local-host.ts';
import { parseProxyUrl, type ProxyServer } from './proxy-url.ts';
import { longestFirst } from './redact.ts';

/** Environment variables, as `process.env` has them. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>;

/** `unusable` names the variable whose value is no proxy we can go through: going direct instead would be a guess. */
export type ProxyDecision =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly server: ProxyServer }
  | { readonly kind: 'unusable'; readonly variable: string; readonly why: string };

/** Says for each URL which proxy the environment wants. */
export type SystemProxies = (url: URL) => ProxyDecision;

const DIRECT: ProxyDecision = { kind: 'direct' };

/**
 * HTTPS_PROXY for https, HTTP_PROXY for http, ALL_PROXY for both, in lower case too (which then counts, as curl has
 * it); NO_PROXY takes hosts out. A host on this machine is never reached through a proxy.
 */
export function systemProxies(variables: ProxyVariables): SystemProxies {
  const isExcepted = readExceptions(lookUp(variables, 'NO_PROXY')?.value ?? '');
  const both = lookUp(variables, 'ALL_PROXY');
  const [secure, plain] = [lookUp(variables, 'HTTPS_PROXY') ?? both, lookUp(variables, 'HTTP_PROXY') ?? both];
  const decisions = { 'https:': decide(secure), 'http:': decide(plain) };
  return (url) => {
    if (isLoopbackName(url.hostname) || isExcepted(url)) return DIRECT;
    return url.protocol === 'http:' ? decisions['http:'] : decisions['https:'];
  };
}

/** Every spelling of what signs us in at the proxies that the environment names: never to be shown. The longest first. */
export function proxySecrets(variables: ProxyVariables): readonly string[] {
  const secrets = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].flatMap((name) => {
    const server = parseProxyUrl(lookUp(variables, name)?.value ?? '');
    return typeof server === 'object' ? (server.secrets ?? []) : [];
  });
  return longestFirst(new Set(secrets));
}

type Variable = { readonly name: string; readonly value: string };

function lookUp(variables: ProxyVariables, name: string): Variable | undefined {
  for (const spelling of [name.toLowerCase(), name]) {
    const value = variables[spelling]?.trim() ?? '';
    if (value !== '') return { name: spelling, value };
  }
  return undefined;
}

function decide(variable: Variable | undefined): ProxyDecision {
  if (variable === undefined) return DIRECT;
  const server = parseProxyUrl(variable.value);
  if (server === 'unsupported') {
    return { kind: 'unusable', variable: variable.name, why: 'only http and https proxies are supported' };
  }
  if (server === undefined) return { kind: 'unusable', variable: variable.name, why: 'not the address of a proxy' };
  return { kind: 'proxy', server };
}

type Exception = (host: string, port: string) => boolean;

/**
 * Reads NO_PROXY as Go's programs do, docker among them: `acme.test` is that host and those below it, `.acme.test`
 * and `*.acme.test` only those below, `host:5000` that port alone; addresses, networks (`10.0.0.0/8`) and `*` for
 * everything. Entries that are none of these match nothing.
 */
export function readExceptions(text: string): (url: URL) => boolean {
  const exceptions = text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(readException);
  return (url) => {
    const port = url.port === '' ? (url.protocol === 'http:' ? '80' : '443') : url.port;
    const host = hostWithoutBrackets(url.hostname).toLowerCase().replace(/\.$/, '');
    return exceptions.some((matches) => matches(host, port));
  };
}

function readException(entry: string): Exception {
  if (entry === '*') return () => true;
  if (entry.includes('/')) return readNetwork(entry);
  if (isIP(entry) !== 0) return matchHost(sameAddress(entry), undefined);
  const [, host = entry, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const literal = literalAddress(host);
  return matchHost(literal === undefined ? sameOrBelow(host.toLowerCase()) : sameAddress(literal), port);
}

function matchHost(isHost: (host: string) => boolean, port: string | undefined): Exception {
  return (host, targetPort) => (port === undefined || port === targetPort) && isHost(host);
}

function sameOrBelow(name: string): (host: string) => boolean {
  const below = name.replace(/^\*?\./, '');
  if (below === '') return () => false;
  const suffix = `.${below}`;
  const isBelowOnly = below !== name;
  return (host) => host.endsWith(suffix) || (!isBelowOnly && host === below);
}

function sameAddress(address: string): (host: string) => boolean {
  return listOf((list, family) => list.addAddress(address, family), address);
}

function readNetwork(entry: string): Exception {
  const [network = '', bits = ''] = entry.split('/');
  const prefix = /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  const width = isIP(network) === 6 ? 128 : 32;
  if (isIP(network) === 0 || prefix < 0 || prefix > width) return () => false;
  return matchHost(
    listOf((list, family) => list.addSubnet(network, prefix, family), network),
    undefined,
  );
}

function listOf(fill: (list: BlockList, family: 'ipv4' | 'ipv6') => void, address: string): (host: string) => boolean {
  const list = new BlockList();
  fill(list, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (host) => {
    const version = isIP(host);
    return version !== 0 && list.check(host, version === 6 ? 'ipv6' : 'ipv4');
  };
}
