import { once } from 'node:events';
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Column } from '../column-file/format.ts';
import { buffersOf, type LooseColumns, looseColumns } from '../column-file/loose-columns.ts';
import { INDEX_MAGIC, type IndexFacts } from '../index/index-format.ts';
import { IndexBuilder, type IndexMember } from '../index/index-builder.ts';
import type { LayerLimits } from '../limits.ts';
import { TarProblem } from '../tar/tar-problem.ts';
import { ChunkTable } from './chunk-table.ts';
import type { PublishedToc } from './find-published.ts';
import { readZtoc } from './soci/ztoc.ts';
import { TableReader } from './read-table.ts';
import { TocReader } from './toc-entry.ts';
import { readTocJson } from './toc-json.ts';

/** What the thread is given: a table as it was fetched. */
export type TocJob = {
  readonly digest: string;
  readonly blobBytes: number;
  readonly toc: PublishedToc;
  /** Whether the manifest gives the digest of the table. */
  readonly isVouched: boolean;
  readonly bytes: ArrayBuffer;
  readonly contentEnd: number;
  readonly limits: LayerLimits;
};

/** The index with the columns of its table, or why there is none. */
export type TocAnswer = { readonly index: LooseColumns } | { readonly problem: string };

// Run as a worker thread: makes the index of a layer from a table that somebody else wrote. Schemas are for others: to
// load them would take longer than to start the thread.

type Made = { readonly columns: Readonly<Record<string, Column>>; readonly facts?: object };

async function build(job: TocJob): Promise<LooseColumns> {
  const { digest, toc, limits } = job;
  const builder = new IndexBuilder(limits);
  const add = (member: IndexMember): void => {
    builder.add(member);
    if (builder.entryCount > limits.maxEntries) throw tooMany();
  };
  const made = toc.format === 'soci' ? fromZtoc(job, add) : await fromJson(job, add);
  const facts: IndexFacts = {
    digest,
    origin: 'published-index',
    completeness: { isComplete: true },
    remarks: [],
    entryCount: builder.entryCount,
    tarBytes: undefined,
    diffId: undefined,
    published: { format: toc.format, digest: toc.digest, isVouched: job.isVouched },
  };
  return looseColumns(INDEX_MAGIC, { ...facts, ...made.facts }, { ...builder.build(), ...made.columns });
}

async function fromJson({ toc, bytes, contentEnd, limits }: TocJob, add: (member: IndexMember) => void): Promise<Made> {
  const chunks = new ChunkTable();
  const reader = new TocReader();
  const table = new TableReader(reader.entry, () => {
    const row = reader.read();
    if (row.kind === 'member') {
      add(row.member);
      chunks.beginEntry(row.member.sizeBytes);
    }
    if (row.chunk !== undefined) chunks.add(row.chunk);
    if (chunks.count > limits.maxNodes * 4) throw tooMany();
  });
  await readTocJson(Buffer.from(bytes), toc, (json) => table.write(json));
  table.end();
  return { columns: chunks.finish(contentEnd) };
}

function fromZtoc({ bytes, blobBytes }: TocJob, add: (member: IndexMember) => void): Made {
  const { facts, columns } = readZtoc(Buffer.from(bytes), blobBytes, add);
  return { columns, facts: { spans: facts } };
}

function tooMany(): TarProblem {
  return new TarProblem('entry-limit', 'more entries than a layer may have');
}

async function run(port: MessagePort): Promise<void> {
  const [job]: readonly TocJob[] = await once(port, 'message');
  if (job === undefined) return;
  try {
    const index = await build(job);
    port.postMessage({ index } satisfies TocAnswer, buffersOf(index));
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'unknown';
    port.postMessage({ problem } satisfies TocAnswer, []);
  }
}

if (parentPort !== null) await run(parentPort);
