import { basename } from 'node:path';
import { DOWNLOAD_ROUTE } from '#shared/api/file-routes.ts';
import { NotFoundError, UnsupportedError } from '../core/gantry-error.ts';
import type { Dialogs } from '../core/ports.ts';
import type { TransferView } from '../core/transfer/transfers-types.ts';
import type { Implementer } from './error-boundary.ts';
import { type FileDestination, parseFileDestination } from './file-ends.ts';
import type { Services } from './services.ts';

/** `transfers.*`, as far as files of this machine go. */
export function transferFilesHandlers(os: Implementer, { transfers, ports, chosenPaths, downloads }: Services) {
  const dialogs = (): Dialogs => {
    if (ports.dialogs === undefined) throw new UnsupportedError('host', 'dialogs of the system');
    return ports.dialogs;
  };
  return {
    chooseDestination: os.transfers.chooseDestination.handler(async ({ input: { format, suggestedName } }) => {
      const what = format === 'oci-layout' ? 'folder' : 'file';
      const path = await dialogs().chooseDestination({ what, name: suggestedName });
      return path === undefined ? {} : { chosen: { pathId: chosenPaths.add(path), name: basename(path) } };
    }),

    reveal: os.transfers.reveal.handler(async ({ input }) => {
      const destination = destinationOf(transfers.get(input.transferId));
      if (destination === undefined) return { revealed: false };
      return { revealed: await dialogs().reveal(destination.path) };
    }),

    downloadLink: os.transfers.downloadLink.handler(({ input }) => {
      const ready = readyDownload(transfers.get(input.transferId));
      if (ready === undefined) throw new NotFoundError('archive');
      return { path: `${DOWNLOAD_ROUTE}${downloads.offer(ready)}` };
    }),
  };
}

/** Where a finished pull lies that its page may fetch. */
export function readyDownload(view: TransferView): { readonly path: string; readonly fileName: string } | undefined {
  const destination = view.state === 'done' ? destinationOf(view) : undefined;
  if (destination?.downloadName === undefined) return undefined;
  return { path: destination.path, fileName: destination.downloadName };
}

function destinationOf({ facts: { fileDestination: ref } }: TransferView): FileDestination | undefined {
  return ref?.kind === 'file' ? parseFileDestination(ref.id) : undefined;
}
