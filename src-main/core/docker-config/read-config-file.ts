import { open, stat } from 'node:fs/promises';
import { canonicalRegistryHost } from '#shared/oci/registry-host.ts';
import { z } from 'zod';
import type { Logger } from '../ports.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_HOSTS = 200;

/** A host named in a config file, and whether the file (or a helper it names) holds a credential for it. */
export type ConfiguredHost = { readonly host: string; readonly hasCredential: boolean };

const anything = z.unknown().optional();
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

// Secrets become one boolean at once: nothing after this has seen them.
const entrySchema = z
  .object({ auth: anything, identitytoken: anything, registrytoken: anything })
  .transform((entry) => isText(entry.auth) || isText(entry.identitytoken) || isText(entry.registrytoken))
  .catch(false);

/** Pairs, not an object: a file may name a host `__proto__`. */
function entriesOf(record: unknown): ReadonlyArray<readonly [string, unknown]> {
  return typeof record === 'object' && record !== null ? Object.entries(record) : [];
}

const configSchema = z
  .object({ auths: anything, credHelpers: anything, credsStore: anything })
  .transform(({ auths, credHelpers, credsStore }) => ({
    auths: entriesOf(auths).map(([key, entry]) => [key, entrySchema.parse(entry)] as const),
    helpedHosts: entriesOf(credHelpers).map(([key]) => key),
    hasStore: isText(credsStore),
  }));

/** Hosts named in one file, first come first. Empty for a missing, broken, oversized or unreadable file; never throws. */
export async function readConfigFile(path: string, logger: Logger): Promise<readonly ConfiguredHost[]> {
  try {
    const text = await readBounded(path);
    return text === undefined ? [] : parseConfig(text);
  } catch (error) {
    // Only the class of the error: a JSON syntax error quotes the text around it, which may be a secret.
    logger.log('warn', 'docker-config.skipped', { path, reason: error instanceof Error ? error.name : 'unknown' });
    return [];
  }
}

/** Hosts named in the text of a docker `config.json` or podman `auth.json`. @throws {SyntaxError | z.ZodError} */
export function parseConfig(text: string): readonly ConfiguredHost[] {
  const config = configSchema.parse(JSON.parse(text));
  const hosts = new Map<string, boolean>();
  const note = (key: string, hasCredential: boolean): void => {
    const host = hostOfKey(key);
    if (host === undefined || (hosts.size >= MAX_HOSTS && !hosts.has(host))) return;
    hosts.set(host, hasCredential || hosts.get(host) === true);
  };
  // With a credential store docker writes `auths: {host: {}}`: the empty entry says the store has it.
  for (const [key, hasSecret] of config.auths) note(key, hasSecret || config.hasStore);
  for (const key of config.helpedHosts) note(key, true);
  return [...hosts].map(([host, hasCredential]) => ({ host, hasCredential }));
}

/** `https://index.docker.io/v1/` is docker's key for Docker Hub; podman keys may go on to a repository. */
function hostOfKey(key: string): string | undefined {
  const authority = key.replace(/^https?:\/\//i, '').split('/', 1)[0] ?? '';
  try {
    return canonicalRegistryHost(authority);
  } catch {
    return undefined;
  }
}

/** Undefined when there is no such file. Looks first, because opening a named pipe would wait for its writer. */
async function readBounded(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(absentAsUndefined);
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new TypeError('not a file');
  const file = await open(path, 'r');
  try {
    // One byte more than allowed, so that a file which has grown since is noticed too.
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    if (bytesRead > MAX_BYTES) throw new RangeError('larger than 1 MiB');
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function absentAsUndefined(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return;
  throw error;
}
