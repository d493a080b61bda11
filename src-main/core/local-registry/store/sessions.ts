import { createHash, type Hash, randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { listFolder, readJson, removeFile, statRegular } from '../../files.ts';
import type { StoreContext } from './store-context.ts';
import { UploadUnknownError } from './store-error.ts';

/** An open upload: two files, and what this process knows of them. */
export type Session = {
  readonly id: string;
  readonly dataPath: string;
  receivedBytes: number;
  /** Hash of all bytes so far; absent in a session picked up again after a restart. */
  hash: Hash | undefined;
};

/** The sessions in `uploads/`. Whoever loads, discards or asks for expiry to act on it holds the lock of the session. */
export type Sessions = {
  open(repository: string): Promise<Session>;
  /** @throws {UploadUnknownError} for an id that is not of this repository */
  load(repository: string, id: string): Promise<Session>;
  discard(id: string): Promise<void>;
  /** Ids of all of them, this process's own or not. */
  list(): Promise<readonly string[]>;
  /** True when nobody has written to it for a day. */
  isExpired(id: string): Promise<boolean>;
};

const LIFETIME_MS = 24 * 60 * 60 * 1000;
const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const recordSchema = z.object({ repository: z.string() });

/** Files of open uploads, so that a client may go on after a cut connection or a restart. */
export function createSessions({ layout, writer, clock }: StoreContext): Sessions {
  const known = new LRUCache<string, Session>({ max: 1000 });
  const recordPath = (id: string) => join(layout.uploadsDir, `${id}.json`);
  const dataPath = (id: string) => join(layout.uploadsDir, `${id}.data`);
  const discard = async (id: string) => {
    known.delete(id);
    await removeFile(dataPath(id));
    await removeFile(recordPath(id));
  };
  return {
    discard,
    async open(repository) {
      const id = randomUUID();
      try {
        await (await open(dataPath(id), 'wx', 0o600)).close();
        await writer.write(recordPath(id), JSON.stringify({ repository }));
      } catch (error) {
        await discard(id);
        throw error;
      }
      const session = { id, dataPath: dataPath(id), receivedBytes: 0, hash: createHash('sha256') };
      known.set(id, session);
      return session;
    },
    async load(repository, id) {
      if (!ID.test(id)) throw new UploadUnknownError();
      const record = recordSchema.safeParse(await readJson(recordPath(id)));
      const data = await statRegular(dataPath(id));
      if (!record.success || record.data.repository !== repository || data === undefined)
        throw new UploadUnknownError();
      const ours = known.get(id);
      // A neighbouring process may have written to it: then our running hash is worth nothing.
      if (ours?.receivedBytes === data.size) return ours;
      const session = { id, dataPath: dataPath(id), receivedBytes: data.size, hash: undefined };
      known.set(id, session);
      return session;
    },
    async list() {
      const names = (await listFolder(layout.uploadsDir)).map(({ name }) => name.replace(/\.(?:data|json)$/, ''));
      return [...new Set(names)].filter((name) => ID.test(name));
    },
    async isExpired(id) {
      const stats = (await statRegular(dataPath(id))) ?? (await statRegular(recordPath(id)));
      return stats !== undefined && clock.now() - stats.mtimeMs > LIFETIME_MS;
    },
  };
}
