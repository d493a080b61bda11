import { parentPort, workerData } from 'node:worker_threads';
import { packColumns } from '../column-file/pack-columns.ts';
import { INDEX_MAGIC, type IndexFacts } from '../index/index-format.ts';
import { IndexBuilder } from '../index/index-builder.ts';
import type { LayerLimits } from '../limits.ts';
import { TarProblem } from '../tar/tar-problem.ts';
import { ChunkTable } from './chunk-table.ts';
import type { PublishedToc } from './find-published.ts';
import { EntrySplitter } from './split-entries.ts';
import { TocReader } from './toc-entry.ts';
import { readTocJson } from './toc-json.ts';

/** What the thread is started with: a table as it was fetched. */
export type TocJob = {
  readonly digest: string;
  readonly toc: PublishedToc;
  readonly bytes: ArrayBuffer;
  readonly contentEnd: number;
  readonly limits: LayerLimits;
};

/** The packed index with its chunk columns, or why there is none. */
export type TocAnswer = { readonly index: ArrayBuffer } | { readonly problem: string };

// Run as a worker thread: makes the index of a layer from a table that somebody else wrote.

async function build({ digest, toc, bytes, contentEnd, limits }: TocJob): Promise<ArrayBuffer> {
  const builder = new IndexBuilder(limits);
  const chunks = new ChunkTable();
  const reader = new TocReader();
  const splitter = new EntrySplitter((entries) => {
    for (const entry of entries) {
      const row = reader.read(entry);
      if (row.kind === 'member') {
        builder.add(row.member);
        chunks.beginEntry(row.member.sizeBytes);
      }
      if (row.chunk !== undefined) chunks.add(row.chunk);
      const tooMany = builder.entryCount > limits.maxEntries || chunks.count > limits.maxNodes * 4;
      if (tooMany) throw new TarProblem('entry-limit', 'more entries than a layer may have');
    }
  });
  await readTocJson(Buffer.from(bytes), toc, (json) => splitter.write(json));
  splitter.end();
  const facts: IndexFacts = {
    digest,
    origin: 'published-index',
    completeness: { isComplete: true },
    remarks: [],
    entryCount: builder.entryCount,
    tarBytes: undefined,
    diffId: undefined,
  };
  return packColumns(INDEX_MAGIC, facts, { ...builder.build(), ...chunks.finish(contentEnd) }).buffer;
}

const job: TocJob = workerData;
try {
  const index = await build(job);
  parentPort?.postMessage({ index } satisfies TocAnswer, [index]);
} catch (error) {
  const problem = error instanceof Error ? error.message : 'unknown';
  parentPort?.postMessage({ problem } satisfies TocAnswer, []);
}
