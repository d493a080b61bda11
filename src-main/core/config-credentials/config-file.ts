import { z } from 'zod';
import { type AuthEntry, readAuthEntry } from './auth-entry.ts';

type Pairs<T> = ReadonlyArray<readonly [key: string, value: T]>;

/** A docker `config.json` or podman `auth.json`, as far as credentials go. Keys are as written. Holds secrets. */
export type ConfigFile = {
  readonly auths: Pairs<AuthEntry>;
  /** Host to the helper's name; an empty name means "this file" (docker). */
  readonly credHelpers: Pairs<string>;
  /** The helper for every host without one of its own. */
  readonly credsStore: string | undefined;
};

/** `why` quotes nothing of the text: a syntax error's own words do, and that may be a secret. */
export type ParsedConfig =
  | { readonly kind: 'read'; readonly file: ConfigFile }
  | { readonly kind: 'unreadable'; readonly why: string };

const anything = z.unknown().optional();
const configSchema = z.object({ auths: anything, credHelpers: anything, credsStore: anything });

/** Reads the text of a config file. What is of a wrong type counts as absent. Never throws. */
export function parseConfigFile(text: string): ParsedConfig {
  const parsed = configSchema.safeParse(parseJson(text));
  if (!parsed.success) return { kind: 'unreadable', why: 'it is not a JSON object' };
  const { auths, credHelpers, credsStore } = parsed.data;
  return {
    kind: 'read',
    file: {
      auths: pairsOf(auths).map(([key, value]) => [key, readAuthEntry(value)]),
      credHelpers: pairsOf(credHelpers).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
      credsStore: typeof credsStore === 'string' && credsStore !== '' ? credsStore : undefined,
    },
  };
}

/** Pairs, not an object: a file may name a host `__proto__`. */
function pairsOf(record: unknown): Pairs<unknown> {
  return typeof record === 'object' && record !== null && !Array.isArray(record) ? Object.entries(record) : [];
}

/** `undefined` for text that is no JSON: no schema of ours takes it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
