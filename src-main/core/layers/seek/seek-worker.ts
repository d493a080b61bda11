import { parentPort, workerData } from 'node:worker_threads';
import { packColumns } from '../column-file/pack-columns.ts';
import { buildSeek } from './build-seek.ts';
import { SEEK_MAGIC, type SeekFacts } from './seek-index.ts';

/** What the thread is started with: a kept blob. */
export type SeekJob = { readonly path: string; readonly digest: string; readonly blobBytes: number };

/** The packed seek index, or undefined when the file is not that blob any more. */
export type SeekAnswer = ArrayBuffer | undefined;

const job: SeekJob = workerData;
const built = await buildSeek(job.path, job.digest);
if (built === undefined) {
  parentPort?.postMessage(undefined, []);
} else {
  const { compression, tarBytes, columns } = built;
  const facts: SeekFacts = { digest: job.digest, compression, blobBytes: job.blobBytes, tarBytes };
  const { buffer } = packColumns(SEEK_MAGIC, facts, columns);
  parentPort?.postMessage(buffer, [buffer]);
}
