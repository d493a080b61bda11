import type { SaveEvent } from '#shared/api/file-save.ts';
import { api } from '../host/index.ts';
import { useSaves, type FileSave, type SaveRequest } from '../state/saves.ts';
import { appErrorOf } from './app-error.ts';
import { queryClient } from './client.ts';
import { askOpened } from './files.ts';
import { hostInfoQuery } from './host.ts';

type Destination = { readonly kind: 'download' } | { readonly kind: 'path'; readonly pathId: string };

let lastId = 0;

/** Where it goes: undefined when the person chose nothing in the system's dialog. @throws {ApiError} */
async function destinationOf({ target, what }: SaveRequest): Promise<Destination | undefined> {
  const { capabilities } = await queryClient.ensureQueryData(hostInfoQuery());
  if (!capabilities.nativeDialogs) return { kind: 'download' };
  const { chosen } = await api.files.chooseDestination({ ...target, what });
  return chosen === undefined ? undefined : { kind: 'path', pathId: chosen.pathId };
}

type Run = {
  readonly request: SaveRequest;
  readonly destination: Destination;
  readonly signal: AbortSignal;
  readonly onEvent: (event: SaveEvent) => void;
};

/** Saves to the end. A target that the engine has let go, or a layer nobody has opened alone yet, is opened first. */
async function runSave({ request, destination, signal, onEvent }: Run): Promise<void> {
  const { target, what, leaveOutUnsafe = false } = request;
  await askOpened(target, signal, async () => {
    for await (const event of await api.files.save({ ...target, what, destination, leaveOutUnsafe }, { signal })) {
      onEvent(event);
    }
  });
}

/**
 * Saves files of an image, and tells in `useSaves` how it goes. `download` hands a path of the host to the browser, where
 * that is the way.
 */
export async function saveFiles(
  request: SaveRequest,
  download: (path: string, fileName: string) => void,
): Promise<void> {
  const controller = new AbortController();
  const { put, remove } = useSaves.getState();
  lastId += 1;
  const id = lastId;
  const common = {
    id,
    request,
    name: request.what.path === '' ? request.target.repository : request.what.path,
    cancel: () => {
      controller.abort();
      remove(id);
    },
  };
  const show = (save: FileSave) => {
    if (!controller.signal.aborted) put(save);
  };
  try {
    const destination = await destinationOf(request);
    if (destination === undefined) return;
    const sinceMs = performance.now();
    const where = destination.kind === 'path' ? { ...common, pathId: destination.pathId } : common;
    show({ ...where, state: 'saving', elapsedMs: 0 });
    const onEvent = (event: SaveEvent) => {
      if (event.kind === 'progress')
        show({ ...where, state: 'saving', progress: event, elapsedMs: performance.now() - sinceMs });
      else {
        if (event.downloadPath !== undefined) download(event.downloadPath, event.fileName);
        show({ ...where, state: 'done', done: event });
      }
    };
    await runSave({ request, destination, signal: controller.signal, onEvent });
  } catch (error) {
    show({ ...common, state: 'failed', error: appErrorOf(error) });
  }
}

/** Shows a saved file where it lies; false when it is not there any more. @throws {ApiError} */
export async function revealSaved(pathId: string): Promise<boolean> {
  const { revealed } = await api.files.reveal({ pathId });
  return revealed;
}
