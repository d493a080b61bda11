import type { AppError } from '#shared/api/app-error.ts';
import type { Logger } from '../core/ports.ts';
import type { OpenArchives } from '../core/sources/archive.ts';
import type { Download, Downloads } from '../core/sources/downloads.ts';
import { toAppError } from './to-app-error.ts';

/** Files between a page and the engine, for a host whose pages cannot name paths. Calls of the contract carry none. */
export type PageFiles = {
  /** Takes one file of an upload that `archives.beginUpload` began. Says why not, in the words of the contract. */
  receive(
    file: { readonly archiveId: string; readonly path: string },
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<AppError | undefined>;
  /** What a link stands for; once. */
  takeDownload(token: string, signal: AbortSignal): Promise<Download | undefined>;
};

type Options = { readonly archives: OpenArchives; readonly downloads: Downloads; readonly logger: Logger };

export function createPageFiles({ archives, downloads, logger }: Options): PageFiles {
  return {
    receive: async ({ archiveId, path }, bytes, signal) => {
      try {
        await archives.receive(archiveId, path, bytes, { signal });
        return undefined;
      } catch (error) {
        return toAppError(error, { logger, signal });
      }
    },
    takeDownload: (token, signal) => downloads.take(token, signal),
  };
}
