import type { Clock } from '../../ports.ts';
import { nodeAt } from '../browse/follow-path.ts';
import type { OpenedImage } from '../opened/opened-image.ts';
import type { ViewChoice } from '../overlay/view.ts';
import { whileWorking } from '../../while-working.ts';
import { flatten, type Flattened } from './flatten.ts';
import { writeNewFile } from './write-new-file.ts';
import { tarBytesOf, writeTar } from './write-tar.ts';

/** The merged file system or a directory as a tar, or one regular file. */
export type SaveWhat = {
  readonly kind: 'tar' | 'file';
  readonly path: string;
  /** As it was after that layer; the finished image when absent. */
  readonly upToLayer?: number | undefined;
};

export type SaveProgress = { readonly kind: 'progress'; readonly writtenBytes: number; readonly totalBytes: number };
export type Saved = Pick<Flattened, 'leftOut' | 'leftOutCount'> & {
  readonly writtenBytes: number;
  readonly entryCount: number;
};

type Save = {
  readonly image: OpenedImage;
  readonly what: SaveWhat;
  /** Where the person wants it. */
  readonly path: string;
  readonly leaveOutUnsafe: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

function viewFor({ upToLayer }: SaveWhat): ViewChoice {
  return { kind: 'merged', deleted: false, ...(upToLayer === undefined ? {} : { upToLayer }) };
}

/**
 * Saves what is seen in the finished image. Nothing of it is there until it is whole, and nothing is left behind when it
 * is stopped. @throws {FilesError}, {RegistryError}, and what the file system fails with
 */
export async function* saveFiles(save: Save): AsyncGenerator<SaveProgress, Saved, void> {
  const { clock, signal } = save;
  return yield* whileWorking<SaveProgress, Saved>({
    clock,
    signal,
    work: (tell, signal) => (save.what.kind === 'file' ? saveOne(save, tell, signal) : saveTar(save, tell, signal)),
  });
}

type Tell = (progress: SaveProgress) => void;

async function saveOne({ image, what, path }: Save, tell: Tell, signal: AbortSignal): Promise<Saved> {
  const { entry, sizeBytes } = await image.findFile(viewFor(what), what.path, signal);
  const { stream } = await image.readFile(entry, signal);
  const onWritten = (writtenBytes: number): void => tell({ kind: 'progress', writtenBytes, totalBytes: sizeBytes });
  const writtenBytes = await writeNewFile(path, stream, onWritten);
  return { writtenBytes, entryCount: 1, leftOut: [], leftOutCount: 0 };
}

async function saveTar({ image, what, path, leaveOutUnsafe }: Save, tell: Tell, signal: AbortSignal): Promise<Saved> {
  const view = await image.files.viewOf(viewFor(what), signal);
  const under = nodeAt(view, what.path, 'keep');
  const flattened = await flatten(image.stack, { under, leaveOutUnsafe, upToLayer: what.upToLayer }, signal);
  const totalBytes = tarBytesOf(image, flattened);
  const onWritten = (writtenBytes: number): void => tell({ kind: 'progress', writtenBytes, totalBytes });
  const writtenBytes = await writeNewFile(path, writeTar(image, flattened, signal), onWritten);
  const { entries, leftOut, leftOutCount } = flattened;
  return { writtenBytes, entryCount: entries.length, leftOut, leftOutCount };
}
