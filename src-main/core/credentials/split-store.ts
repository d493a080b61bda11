import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CredentialStoreError } from '../gantry-error.ts';
import type { CredentialStore } from '../ports.ts';

const headSchema = z.object({ gantryParts: z.int().min(1).max(100), sha256: z.string() });
type Head = z.output<typeof headSchema>;

/**
 * The same store for secrets of any length where an entry holds no more than `maxBytes`: a longer one is kept in
 * several entries named after the account, and put together again. One that fits is kept as it is.
 */
export function splitLongSecrets(store: CredentialStore, maxBytes: number): CredentialStore {
  const partsOf = async (account: string): Promise<readonly string[]> => {
    const head = readHead(await store.get(account));
    return head === undefined ? [] : partNames(account, head.gantryParts);
  };
  const removeParts = async (names: readonly string[]): Promise<void> => {
    for (const name of names) await store.delete(name);
  };

  return {
    status: store.status,
    get: async (account) => {
      const text = await store.get(account);
      const head = readHead(text);
      return head === undefined ? text : await join(account, head, store);
    },
    set: async (account, secret) => {
      const before = await partsOf(account);
      const pieces = cut(secret, maxBytes);
      const names = pieces.length === 1 ? [] : partNames(account, pieces.length);
      for (const [index, name] of names.entries()) await store.set(name, pieces[index] ?? '');
      await store.set(account, names.length === 0 ? secret : JSON.stringify(headFor(secret, names.length)));
      await removeParts(before.filter((name) => !names.includes(name)));
    },
    delete: async (account) => {
      const parts = await partsOf(account);
      const wasThere = await store.delete(account);
      await removeParts(parts);
      return wasThere;
    },
  };
}

async function join(account: string, head: Head, store: CredentialStore): Promise<string> {
  const pieces = await Promise.all(partNames(account, head.gantryParts).map((name) => store.get(name)));
  const secret = pieces.map((piece) => piece ?? '').join('');
  if (hash(secret) === head.sha256) return secret;
  // A write that was cut short: half of an old key is worse than none.
  throw new CredentialStoreError('the parts of a long secret do not belong together: type it again');
}

/** Pieces of at most `maxBytes` in UTF-8; no character is cut in two. */
function cut(secret: string, maxBytes: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of secret) {
    const size = Buffer.byteLength(character);
    if (bytes + size > maxBytes) {
      pieces.push(piece);
      [piece, bytes] = ['', 0];
    }
    piece += character;
    bytes += size;
  }
  return [...pieces, piece];
}

function partNames(account: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${account} · part ${index + 1}`);
}

function headFor(secret: string, gantryParts: number): Head {
  return { gantryParts, sha256: hash(secret) };
}

function readHead(text: string | undefined): Head | undefined {
  if (text === undefined || !text.startsWith('{"gantryParts"')) return undefined;
  try {
    return headSchema.parse(JSON.parse(text));
  } catch {
    // Somebody's secret that only looks like one of ours.
    return undefined;
  }
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
