import { toDiskError } from '../disk-failure.ts';

/** Runs `work`; what fails in the file system is a `DiskError` that names the place and says what is kept there. */
export async function guardDisk<T>(place: string, keptBytes: () => number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toDiskError(error, place, keptBytes());
  }
}
