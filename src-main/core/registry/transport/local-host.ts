import { classifyAddress, literalAddress } from './address-policy.ts';

/** `[::1]` as `::1`; anything else as it is. */
export function hostWithoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/**
 * True for a host name that means this machine by what it says: `localhost`, names below it, and loopback addresses.
 * Spec: RFC 6761, 6.3.
 */
export function isLoopbackName(hostname: string): boolean {
  const literal = literalAddress(hostname);
  if (literal !== undefined) return classifyAddress(literal) === 'loopback';
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost');
}

const PRIVATE_IPV4 = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

/**
 * True for hosts that may be tried over plain http though nobody asked for it: this machine, and literal addresses of
 * RFC 1918, as go-containerregistry has it. A name never counts for what it resolves to, nor does `*.local`.
 */
export function isLocalHost(hostname: string): boolean {
  if (isLoopbackName(hostname)) return true;
  const literal = literalAddress(hostname);
  return literal !== undefined && PRIVATE_IPV4.test(literal);
}
