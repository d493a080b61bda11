import { InvalidInputError } from '../../gantry-error.ts';
import { spellingsOf } from './redact.ts';

/** A forward proxy to go through. */
export type ProxyServer = {
  /** `http://host:port` or `https://host:port`, without user name and password. */
  readonly url: URL;
  /** The value of `Proxy-Authorization`: a secret, sent to this proxy and never shown. */
  readonly authorization?: string;
  /** The password, or the user name that stands alone, and the pair as it is sent: never to be repeated from anybody's words. */
  readonly secrets?: readonly string[];
};

/**
 * Reads a proxy's address as people write it: with or without scheme, `http` when it is left out.
 * Undefined for text that is no address; `unsupported` for another kind of proxy, such as SOCKS.
 */
export function parseProxyUrl(text: string): ProxyServer | 'unsupported' | undefined {
  const trimmed = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return 'unsupported';
  if (/[\p{Cc} \\]/u.test(trimmed)) return undefined;
  const url = URL.parse(scheme === undefined ? `http://${trimmed}` : trimmed);
  if (url === null || url.hostname === '') return undefined;
  return { url: new URL(url.origin), ...signInOf(url) };
}

function signInOf({ username, password }: URL): Omit<ProxyServer, 'url'> {
  if (username === '' && password === '') return {};
  const encoded = Buffer.from(`${decode(username)}:${decode(password)}`, 'utf8').toString('base64');
  const secret = decode(password === '' ? username : password);
  // Without padding, so that the rest is found however a server writes "=".
  return { authorization: `Basic ${encoded}`, secrets: spellingsOf([secret, encoded.replace(/=+$/, '')]) };
}

/** A `%` that is no escape stands for itself: passwords are often written into variables as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A proxy's address that a person gave for one registry. It is stored and shown, so it holds no password.
 * @throws {InvalidInputError} `proxy.url`
 */
export function readProxyChoice(text: string): ProxyServer {
  const parsed = parseProxyUrl(text);
  if (parsed === 'unsupported') throw new InvalidInputError('proxy.url', 'only http and https proxies are supported');
  if (parsed === undefined) throw new InvalidInputError('proxy.url', 'not the address of a proxy');
  if (parsed.authorization !== undefined) {
    const where = 'a user name and password belong in the environment variable HTTPS_PROXY';
    throw new InvalidInputError('proxy.url', `holds a user name or password: ${where}`);
  }
  return parsed;
}
