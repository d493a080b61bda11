import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { type ConfigFile, parseConfigFile } from './config-file.ts';
import type { Logger } from '../ports.ts';
import type { ConfigPlace } from './config-places.ts';

const MAX_BYTES = 1024 * 1024;

/** What a place holds now. */
export type PlaceContent =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly why: string }
  | {
      readonly kind: 'read';
      readonly file: ConfigFile;
      /** Permissions such as `644`, when other people of this machine may read or change the file. */
      readonly looseMode?: string;
    };

export type ConfigReader = {
  /** Looks at the file each time, and reads it when it has changed, or when told to. Never throws. */
  read(place: ConfigPlace, isAnew?: boolean): Promise<PlaceContent>;
};

type Kept = { readonly signature: string; readonly content: PlaceContent };

/** Reads config files and keeps what was in them for as long as they stay the same. */
export function createConfigReader(logger: Logger): ConfigReader {
  const kept = new Map<string, Kept>();
  const tell = (path: string, content: PlaceContent): PlaceContent => {
    if (content.kind === 'unreadable') logger.log('warn', 'config-credentials.unreadable', { path, why: content.why });
    return content;
  };
  const readInline = (text: string): PlaceContent => {
    const known = kept.get('') ?? { signature: '', content: parseConfigFile(text) };
    kept.set('', known);
    return known.content;
  };
  return {
    read: async (place, isAnew = false) => {
      if (place.kind === 'inline') return readInline(place.text);
      try {
        const found = await stat(place.path);
        const signature = [found.mtimeMs, found.ctimeMs, found.size, found.ino].join(' ');
        const known = kept.get(place.path);
        if (!isAnew && known?.signature === signature) return known.content;
        const content = await readPlace(place.path, found);
        kept.set(place.path, { signature, content });
        return tell(place.path, content);
      } catch (error) {
        kept.delete(place.path);
        return tell(place.path, failureOf(error));
      }
    },
  };
}

/** Has looked first, because opening a named pipe would wait for its writer. */
async function readPlace(path: string, found: Stats): Promise<PlaceContent> {
  if (!found.isFile()) return { kind: 'unreadable', why: 'it is not a file' };
  const text = await readBounded(path);
  if (text === undefined) return { kind: 'unreadable', why: 'it is larger than 1 MiB' };
  const parsed = parseConfigFile(text);
  const isLoose = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
  if (parsed.kind !== 'read' || !isLoose) return parsed;
  return { ...parsed, looseMode: (found.mode & 0o777).toString(8) };
}

/** One byte more than allowed is asked for, so that a file which has grown since is noticed too. */
async function readBounded(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const chunks: Buffer[] = [];
    let total = 0;
    for await (const chunk of file.createReadStream({ end: MAX_BYTES, autoClose: false })) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      total += chunk.length;
    }
    return total > MAX_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
  } finally {
    await file.close();
  }
}

function failureOf(error: unknown): PlaceContent {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
  return { kind: 'unreadable', why: code === 'EACCES' ? 'no permission to read it' : `it cannot be read (${code})` };
}
