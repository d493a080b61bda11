import { on } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { buffersOf, looseColumns } from '../column-file/loose-columns.ts';
import { INDEX_MAGIC, type IndexFacts } from '../index/index-format.ts';
import { BlobWriter } from './blob-writer.ts';
import { LayerScan } from './layer-scan.ts';
import type { FromScan, ScanJob, ToScan } from './messages.ts';

// Run as a worker thread: takes the bytes of a blob and answers with its index. What a stranger packed is opened here
// and nowhere else, with a bound on memory, and the thread can be ended at any time (SECURITY-CASES E15).

async function run(port: MessagePort, job: ScanJob): Promise<void> {
  const scan = new LayerScan(job.limits);
  const blob = job.blobPath === undefined ? undefined : new BlobWriter(job.blobPath);
  const answer = (message: FromScan, transfer: readonly ArrayBuffer[]) => port.postMessage(message, transfer);
  // A disk that is slow holds back its slab, not what comes after it.
  const giveBack = async (buffer: ArrayBuffer, kept: Promise<void> | undefined): Promise<void> => {
    await kept;
    const { outputBytes, entryCount } = scan;
    answer({ kind: 'taken', buffer, outputBytes, entryCount }, [buffer]);
  };
  for await (const [message] of on(port, 'message')) {
    const next: ToScan = message;
    if (next.kind === 'end') break;
    const bytes = Buffer.from(next.buffer, 0, next.length);
    const kept = blob?.write(bytes);
    await scan.write(bytes);
    void giveBack(next.buffer, kept);
  }
  const isBlobKept = (await blob?.end()) ?? false;
  const { result, columns } = await scan.end();
  const facts: IndexFacts = { digest: job.digest, origin: 'verified', ...result };
  const index = looseColumns(INDEX_MAGIC, facts, columns);
  answer({ kind: 'done', result, index, isBlobKept }, buffersOf(index));
}

if (parentPort !== null) await run(parentPort, workerData);
