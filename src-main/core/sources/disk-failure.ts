import { DiskError } from '../gantry-error.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EFBIG', 'the disk cannot hold a file as large'],
  ['EROFS', 'the disk is read-only'],
  ['EACCES', 'no permission'],
  ['EPERM', 'no permission'],
  ['EIO', 'the disk cannot be read or written'],
  ['ENOENT', 'there is no such file or folder'],
  ['ENOTDIR', 'a part of the path is no folder'],
  ['EISDIR', 'it is a folder'],
  ['EEXIST', 'it is there already'],
  ['ENOTEMPTY', 'the folder is not empty'],
  ['ELOOP', 'it is a link'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open'],
]);

/** A failure of the file system as a `DiskError` that names the place; anything else as it is. */
export function toDiskError(error: unknown, place: string, keptBytes?: number): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const reason = REASONS.get(String(error.code)) ?? `it failed with ${String(error.code)}`;
  return new DiskError(reason, { cause: error, place, ...(keptBytes === undefined ? {} : { keptBytes }) });
}

/** Runs `work`; what fails in the file system is thrown as a `DiskError` that names the place. */
export async function asDiskError<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toDiskError(error, place);
  }
}
