import { DOWNLOAD_ROUTE } from '#shared/api/file-routes.ts';
import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { SaveEvent } from '#shared/api/file-save.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { basename } from 'node:path';
import { saveFiles, type SaveWhat } from '../core/layers/extract/save-files.ts';
import { suggestFileName } from '../core/layers/extract/save-name.ts';
import { asDiskError } from '../core/sources/disk-failure.ts';
import { UnsupportedError } from '../core/gantry-error.ts';
import type { Dialogs } from '../core/ports.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { stoppableStream } from './stoppable-stream.ts';

type SaveInput = FilesTarget & {
  readonly what: SaveWhat;
  readonly destination: { readonly kind: 'path'; readonly pathId: string } | { readonly kind: 'download' };
  readonly leaveOutUnsafe: boolean;
};

/** `files.chooseDestination` and `files.save` */
export function saveHandlers(os: Implementer, services: Services) {
  const { ports, chosenPaths } = services;
  const dialogs = (): Dialogs => {
    if (ports.dialogs === undefined) throw new UnsupportedError('host', 'dialogs of the system');
    return ports.dialogs;
  };
  return {
    chooseDestination: os.files.chooseDestination.handler(async ({ input }) => {
      const path = await dialogs().chooseDestination({ what: 'file', name: nameOf(input) });
      return path === undefined ? {} : { chosen: { pathId: chosenPaths.add(path), name: basename(path) } };
    }),

    reveal: os.files.reveal.handler(async ({ input }) => ({
      revealed: await dialogs().reveal(chosenPaths.get(input.pathId)),
    })),

    save: os.files.save.handler(({ input, signal }) =>
      stoppableStream(signal, (signal) => save(services, input, signal)),
    ),
  };
}

async function* save(services: Services, input: SaveInput, signal: AbortSignal): AsyncGenerator<SaveEvent, void, void> {
  const { openImages, ports, chosenPaths, downloads, savedDownloads } = services;
  const { what, destination, leaveOutUnsafe } = input;
  const image = openImages.get(input);
  const chosen = destination.kind === 'path' ? chosenPaths.get(destination.pathId) : undefined;
  const place = chosen === undefined ? nameOf(input) : basename(chosen);
  const path = chosen ?? (await asDiskError(place, () => savedDownloads.newPath()));
  const saving = saveFiles({ image, what, path, leaveOutUnsafe, clock: ports.clock, signal });
  try {
    const step = () => asDiskError(place, () => saving.next());
    let next = await step();
    for (; next.done !== true; next = await step()) yield next.value;
    const { leftOut, ...rest } = next.value;
    const link = destination.kind === 'path' ? undefined : downloads.offer({ path, fileName: nameOf(input) });
    yield {
      kind: 'done',
      ...rest,
      fileName: place,
      leftOut: [...leftOut],
      ...(link === undefined ? {} : { downloadPath: `${DOWNLOAD_ROUTE}${link}` }),
    };
  } finally {
    await saving.return({ writtenBytes: 0, entryCount: 0, leftOut: [], leftOutCount: 0 });
  }
}

/** What the file is called unless the person says otherwise: after the path, or the last part of the repository. */
function nameOf({ what, repository, layerDigest }: Pick<SaveInput, 'what' | 'repository' | 'layerDigest'>): string {
  const image = suggestFileName(repository, 'image');
  const last = layerDigest === undefined ? image : `${image}-${shortDigest(layerDigest)}`;
  if (what.kind === 'file') return suggestFileName(what.path, 'file');
  return `${what.path === '' ? last : suggestFileName(what.path, last)}.tar`;
}
