import { on } from 'node:events';
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

/** What the thread is given to read a table; its bytes follow. */
export type TocJob = {
  readonly digest: string;
  readonly blobBytes: number;
  readonly toc: PublishedToc;
  /** Whether the manifest gives the digest of the table. */
  readonly isVouched: boolean;
  readonly contentEnd: number;
  readonly limits: LayerLimits;
};

/** To the thread: what to do, then the table, `length` bytes of each buffer, and that there is no more. */
export type ToToc =
  | { readonly kind: 'begin'; readonly job: TocJob }
  | { readonly kind: 'bytes'; readonly buffer: ArrayBuffer; readonly length: number }
  | { readonly kind: 'end' };

/** The index with the columns of its table, or why there is none. */
export type TocAnswer = { readonly index: LooseColumns } | { readonly problem: string };

/** From the thread: a buffer that it no longer needs, and once the answer. */
export type FromToc =
  | { readonly kind: 'taken'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'done'; readonly answer: TocAnswer };

// Run as a worker thread: makes the index of a layer from a table that somebody else wrote. Schemas are for others: to
// load them would take longer than to start the thread.

type Made = { readonly columns: Readonly<Record<string, Column>>; readonly facts?: object };

async function build(job: TocJob, pieces: AsyncIterable<Buffer>): Promise<LooseColumns> {
  const { digest, toc, limits } = job;
  const builder = new IndexBuilder(limits);
  const add = (member: IndexMember): void => {
    builder.add(member);
    if (builder.entryCount > limits.maxEntries) throw tooMany();
  };
  const made = toc.format === 'soci' ? await fromZtoc(job, pieces, add) : await fromJson(job, pieces, add);
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

type Add = (member: IndexMember) => void;

async function fromJson({ toc, contentEnd, limits }: TocJob, pieces: AsyncIterable<Buffer>, add: Add): Promise<Made> {
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
  await readTocJson(pieces, toc, (json) => table.write(json));
  table.end();
  return { columns: chunks.finish(contentEnd) };
}

async function fromZtoc({ blobBytes }: TocJob, pieces: AsyncIterable<Buffer>, add: Add): Promise<Made> {
  const all: Buffer[] = [];
  // The buffer of a piece goes back.
  for await (const piece of pieces) all.push(Buffer.from(piece));
  const { facts, columns } = readZtoc(Buffer.concat(all), blobBytes, add);
  return { columns, facts: { spans: facts } };
}

function tooMany(): TarProblem {
  return new TarProblem('entry-limit', 'more entries than a layer may have');
}

async function* messagesTo(port: MessagePort): AsyncGenerator<ToToc, void, void> {
  for await (const [message] of on(port, 'message')) yield message;
}

async function* piecesFrom(port: MessagePort, messages: AsyncIterable<ToToc>): AsyncGenerator<Buffer, void, void> {
  for await (const message of messages) {
    if (message.kind !== 'bytes') return;
    yield Buffer.from(message.buffer, 0, message.length);
    port.postMessage({ kind: 'taken', buffer: message.buffer } satisfies FromToc, [message.buffer]);
  }
}

async function run(port: MessagePort): Promise<void> {
  const messages = messagesTo(port);
  const { value: first } = await messages.next();
  if (first?.kind !== 'begin') return;
  const answer = (answer: TocAnswer, transfer: readonly ArrayBuffer[]) =>
    port.postMessage({ kind: 'done', answer } satisfies FromToc, transfer);
  try {
    const index = await build(first.job, piecesFrom(port, messages));
    answer({ index }, buffersOf(index));
  } catch (error) {
    answer({ problem: error instanceof Error ? error.message : 'unknown' }, []);
  }
}

if (parentPort !== null) await run(parentPort);
