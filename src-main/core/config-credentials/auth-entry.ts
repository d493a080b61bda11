import { z } from 'zod';
import type { RegistryCredential } from '../registry/registry-client.ts';

/** What one entry of `auths` holds. `broken` says why in words that quote nothing of it. */
export type AuthEntry =
  | { readonly kind: 'empty' }
  | { readonly kind: 'credential'; readonly credential: RegistryCredential }
  | { readonly kind: 'broken'; readonly why: string };

/** The user name with which docker's credential helpers say that the secret is an identity token. */
const TOKEN_USER = '<token>';
const EMPTY: AuthEntry = { kind: 'empty' };

// A field of a wrong type is as good as absent: an entry has many fields, and one is enough.
const text = z.string().optional().catch(undefined);
const entrySchema = z
  .object({ auth: text, username: text, password: text, identitytoken: text, registrytoken: text })
  .catch({});

/**
 * Reads an entry the way docker and podman write it. The most special field wins: a registry token is sent as it is,
 * an identity token is exchanged, then `auth` (base64 of `user:password`, padded or not), then `username` and
 * `password`. Never throws.
 */
export function readAuthEntry(value: unknown): AuthEntry {
  const { auth, username, password, identitytoken, registrytoken } = entrySchema.parse(value);
  if (isGiven(registrytoken)) return token('bearer', registrytoken);
  if (isGiven(identitytoken)) return token('identity', identitytoken);
  if (isGiven(auth)) return readAuth(auth);
  if (username === undefined && password === undefined) return EMPTY;
  return credentialOf(username ?? '', password ?? '');
}

/** A user name and a secret as a file or a helper gives them. */
export function credentialOf(username: string, secret: string): AuthEntry {
  if (username === '' && secret === '') return EMPTY;
  if (secret === '') return { kind: 'broken', why: 'it has a user name without a password' };
  if (username === TOKEN_USER) return token('identity', secret);
  // RFC 7617: the first colon ends the user name, so one inside would move into the password.
  if (username.includes(':')) return { kind: 'broken', why: 'its user name holds a colon' };
  return { kind: 'credential', credential: { kind: 'password', username, secret } };
}

function readAuth(auth: string): AuthEntry {
  const decoded = decodeBase64(auth.trim());
  if (decoded === undefined) return { kind: 'broken', why: 'its "auth" is not base64 of text' };
  const colon = decoded.indexOf(':');
  if (colon === -1) return { kind: 'broken', why: 'its "auth" is not a user name and a password' };
  // Old dockers padded the password with NUL bytes.
  return credentialOf(decoded.slice(0, colon), decoded.slice(colon + 1).replace(/\0+$/, ''));
}

/** Undefined for what is no base64 (padding may be absent) or no UTF-8. */
function decodeBase64(encoded: string): string | undefined {
  const bare = encoded.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]+$/.test(bare) || bare.length % 4 === 1) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(bare, 'base64'));
  } catch {
    return undefined;
  }
}

/** What goes into a header must not be able to end it. */
function token(kind: 'bearer' | 'identity', secret: string): AuthEntry {
  const trimmed = secret.trim();
  if (!/^[\x21-\x7e]+$/.test(trimmed)) return { kind: 'broken', why: 'its token is not ASCII without spaces' };
  return { kind: 'credential', credential: { kind, secret: trimmed } };
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
