import type { Digest } from '#shared/oci/digest.ts';
import type { Logger } from '../../ports.ts';
import type { LayerFiles } from './layer-files.ts';

/** What is made of a layer; `registryId` is whom it is read from, when that is known. */
type Made = { readonly digest: Digest; readonly registryId?: string | undefined };

/** Whom kept layers are from, so that they go with the sign-in that gave them. */
export class KeptSources {
  readonly #files: LayerFiles;
  readonly #logger: Logger;
  readonly #writing = new Set<Promise<void>>();
  #timesForgotten = 0;

  constructor(files: LayerFiles, logger: Logger) {
    this.#files = files;
    this.#logger = logger;
  }

  /**
   * To be called before anything is read for keeping. What it gives runs the writing, unless something was forgotten
   * meanwhile: it could be that. @throws what `write` does, and when the source cannot be noted
   */
  begin({ digest, registryId }: Made): (write: () => Promise<void>) => Promise<void> {
    const begun = this.#timesForgotten;
    return async (write) => {
      if (begun !== this.#timesForgotten) return;
      const work = this.#write(digest, registryId, write);
      this.#writing.add(work);
      try {
        await work;
      } finally {
        this.#writing.delete(work);
      }
    };
  }

  /** Deletes what is from nobody else. Never fails. */
  async forget(isGone: (registryId: string) => boolean): Promise<void> {
    this.#timesForgotten += 1;
    await Promise.allSettled(this.#writing);
    try {
      await this.#files.deleteFrom(isGone);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      this.#logger.log('warn', 'layers.not-forgotten', { reason });
    }
  }

  async #write(digest: Digest, registryId: string | undefined, write: () => Promise<void>): Promise<void> {
    await write();
    if (registryId !== undefined) await this.#files.noteSource(digest, registryId);
  }
}
