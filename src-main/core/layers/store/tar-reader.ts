import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type Digest, digestAlgorithm } from '#shared/oci/digest.ts';
import type { Logger } from '../../ports.ts';
import { raceAbort } from '../../race-abort.ts';
import { isRegistryError } from '../../registry/transport/registry-error.ts';
import type { FileVerification } from '../open-layer.ts';
import { type OpenRange, readParts } from '../seek/read-parts.ts';
import type { StoredSeek } from '../seek/stored-seek.ts';
import type { KeptSpace } from './kept-space.ts';
import type { LayerFiles } from './layer-files.ts';
import type { LayerOpener, OpenCall } from './layer-opener.ts';
import { readFromStart } from './read-from-start.ts';
import { openRemoteRange } from './remote-range.ts';
import type { SeekKeeper } from './seek-keeper.ts';

type Deps = {
  readonly files: LayerFiles;
  readonly space: KeptSpace;
  readonly seeks: SeekKeeper;
  readonly opener: LayerOpener;
  readonly logger: Logger;
};

/** Bytes of a layer's tar, and how far they are what the layer's digest promises. */
export type TarBytes = { readonly verification: FileVerification; readonly bytes: AsyncGenerator<Buffer, void, void> };

/** Reads parts of layers that were read whole before: from the kept blob, by Range, or by reading the blob again. */
export class TarReader {
  readonly #deps: Deps;
  /** Kept blobs whose digest was checked in this process, as what they were then. */
  readonly #intact = new Map<Digest, string>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `end` is not among them. @throws what the registry fails with */
  async read(call: OpenCall, start: number, end: number, signal: AbortSignal): Promise<TarBytes> {
    const { seeks, opener, space } = this.#deps;
    const seek = await seeks.find(call.descriptor);
    if (seek !== undefined) return { verification: 'verified', bytes: this.#seek(call, seek, start, end, signal) };
    const whole = { startByte: 0, endByte: call.descriptor.sizeBytes };
    if (!(await this.#isIntact(call)) && space.fits(call.descriptor.sizeBytes)) await opener.readBlob(call, signal);
    const isKept = await this.#isIntact(call);
    const open = isKept ? this.#openKept(call) : openRemoteRange(call, signal);
    return { verification: isKept ? 'verified' : 'unverified', bytes: readFromStart(() => open(whole), start, end) };
  }

  /** Whether the blob is kept; by then with a seek index, if there is to be one. */
  async isAtHand({ descriptor }: OpenCall, signal: AbortSignal | undefined): Promise<boolean> {
    const { seeks, files } = this.#deps;
    await raceAbort(seeks.settled(), signal);
    return (await files.identity(descriptor.digest, 'blob')) !== undefined;
  }

  /** From the kept blob as long as it is what it was, then from the registry. */
  async *#seek(call: OpenCall, seek: StoredSeek, start: number, end: number, signal: AbortSignal) {
    const { files, logger } = this.#deps;
    const { digest } = call.descriptor;
    let at = start;
    if ((await files.identity(digest, 'blob')) !== undefined) {
      try {
        for await (const bytes of readParts(seek, start, end, this.#openKept(call))) {
          at += bytes.length;
          yield bytes;
        }
        await files.touch(digest, 'blob');
        return;
      } catch (error) {
        if (!isUnusable(error)) throw error;
        logger.log('warn', 'layers.blob-damaged', { digest });
        await files.delete(digest, 'blob');
      }
    }
    yield* readParts(seek, at, end, openRemoteRange(call, signal));
  }

  #openKept({ descriptor }: OpenCall): OpenRange {
    const path = this.#deps.files.path(descriptor.digest, 'blob');
    return async ({ startByte, endByte }) => createReadStream(path, { start: startByte, end: endByte - 1 });
  }

  /** Reads the kept blob through once a process; one that is damaged is deleted (K03). */
  async #isIntact({ descriptor: { digest } }: OpenCall): Promise<boolean> {
    const { files, logger } = this.#deps;
    const identity = await files.identity(digest, 'blob');
    if (identity === undefined) return false;
    if (this.#intact.get(digest) === identity) return true;
    if ((await hashFile(files.path(digest, 'blob'), digest)) === digest) {
      this.#intact.set(digest, identity);
      return true;
    }
    logger.log('warn', 'layers.blob-damaged', { digest });
    await files.delete(digest, 'blob');
    return false;
  }
}

async function hashFile(path: string, like: Digest): Promise<string> {
  const algorithm = digestAlgorithm(like);
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return `${algorithm}:${hash.digest('hex')}`;
}

/** Its bytes are others, or it went while it was read. */
function isUnusable(error: unknown): boolean {
  return isRegistryError(error, 'digest-mismatch') || (error instanceof Error && 'code' in error);
}
