import { InvalidInputError } from '../../gantry-error.ts';
import { spellingsOf } from '../transport/redact.ts';

/**
 * The value of a Basic `Authorization`. Spec: RFC 7617, with UTF-8.
 * @throws {InvalidInputError} for a user name with a colon or control characters in either part, which the scheme cannot carry
 */
export function basicAuthorization(username: string, password: string): string {
  if (username.includes(':')) throw new InvalidInputError('username', 'a user name cannot hold a colon');
  if (/\p{Cc}/u.test(username)) throw new InvalidInputError('username', 'holds a control character');
  if (/\p{Cc}/u.test(password)) throw new InvalidInputError('secret', 'holds a control character');
  return `Basic ${encode(username, password)}`;
}

/** Every spelling of a user's secret that a server could echo, to be scrubbed from its words; the longest first. */
export function secretSpellings(username: string, password: string): readonly string[] {
  // Without padding, so that the rest is found however a server writes "=".
  const basic = encode(username, password).replace(/=+$/, '');
  return spellingsOf([password, basic]);
}

function encode(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
}
