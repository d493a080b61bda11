import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { openRegular } from '../files.ts';
import type { Clock } from '../ports.ts';
import { readRange } from './files/read-range.ts';

/** A file that a page may fetch. */
export type Download = {
  readonly fileName: string;
  readonly sizeBytes: number;
  /** From the first byte to the last. The stream must be read to its end or destroyed. */
  readonly stream: Readable;
};

/** Links to files of ours, each good for one download within a minute. */
export type Downloads = {
  /** A secret that stands for the file. */
  offer(file: { readonly path: string; readonly fileName: string }): string;
  /** Undefined for what was never offered, is used up or too old, and for a file that is gone. */
  take(token: string, signal: AbortSignal): Promise<Download | undefined>;
};

const LIFETIME_MS = 60_000;
/** Nobody clicks more often in a minute. */
const MAX_OFFERS = 100;

type Offer = { readonly path: string; readonly fileName: string; readonly madeAt: number };

/** Only hashes are kept: a look into memory gives no link, and a look-up takes as long whatever it finds. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64');

export function createDownloads(clock: Pick<Clock, 'now'>): Downloads {
  const offers = new Map<string, Offer>();
  return {
    offer: ({ path, fileName }) => {
      const token = randomBytes(32).toString('base64url');
      offers.set(hashOf(token), { path, fileName, madeAt: clock.now() });
      const [oldest] = offers.keys();
      if (offers.size > MAX_OFFERS && oldest !== undefined) offers.delete(oldest);
      return token;
    },
    take: async (token, signal) => {
      const key = hashOf(token);
      const offer = offers.get(key);
      offers.delete(key);
      if (offer === undefined || clock.now() - offer.madeAt > LIFETIME_MS) return undefined;
      const handle = await openRegular(offer.path);
      if (handle === undefined) return undefined;
      const { size } = await handle.stat();
      const stream = readRange(handle, { start: 0, end: size }, offer.fileName, signal);
      stream.once('close', () => void handle.close());
      return { fileName: offer.fileName, sizeBytes: size, stream };
    },
  };
}
