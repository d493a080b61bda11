import { isAbsolute } from 'node:path';
import type { Archive } from '#shared/api/archives.ts';
import { InvalidInputError, UnsupportedError } from '../core/gantry-error.ts';
import type { OpenedArchive } from '../core/sources/archive.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';

/** `archives.*` */
export function archivesHandlers(os: Implementer, { archives, ports, options }: Services) {
  const never = new AbortController().signal;
  return {
    openPath: os.archives.openPath.handler(async ({ input: { path }, signal = never }) => {
      if (!options.capabilities.localPaths) throw new UnsupportedError('host', 'paths of this machine');
      if (!isAbsolute(path)) throw new InvalidInputError('path', 'not the full path of a file or folder');
      return toArchive(await archives.openPath(path, { signal }));
    }),

    choose: os.archives.choose.handler(async ({ input: { what }, signal = never }) => {
      const { dialogs } = ports;
      if (dialogs === undefined) throw new UnsupportedError('host', 'dialogs of the system');
      const path = await dialogs.chooseArchive(what);
      return path === undefined ? {} : { archive: toArchive(await archives.openPath(path, { signal })) };
    }),

    beginUpload: os.archives.beginUpload.handler(async ({ input }) => ({
      archiveId: await archives.beginUpload(input),
    })),

    finishUpload: os.archives.finishUpload.handler(async ({ input: { archiveId }, signal = never }) =>
      toArchive(await archives.finishUpload(archiveId, { signal })),
    ),

    close: os.archives.close.handler(async ({ input: { archiveId } }) => ({
      closed: await archives.close(archiveId),
    })),
  };
}

function toArchive({ archiveId, contents }: OpenedArchive): Archive {
  return { archiveId, ...contents };
}
