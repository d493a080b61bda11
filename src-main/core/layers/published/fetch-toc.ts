import { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { OpenCall } from '../store/layer-opener.ts';
import { MAX_TOC_BYTES } from '../limits.ts';
import type { PublishedToc } from './find-published.ts';

/** A table of contents as it comes, and where in the blob the content before it ends. */
export type FetchedToc = { readonly stream: Readable; readonly contentEnd: number };

/** The first request for the tail, at most half of the blob: the tables of most layers are in it. */
const TAIL_BYTES = 64 * 1024;
const FOOTER_BYTES = 51;
/** gzip header with an extra field of 26 bytes, whose one part is `SG`, 22 bytes. */
const FOOTER_HEAD = Buffer.from([0x1f, 0x8b, 0x08, 0x04]);
const FOOTER_EXTRA = Buffer.from([0x1a, 0x00, 0x53, 0x47, 0x16, 0x00]);
const FOOTER_EXTRA_AT = 10;
const OFFSET_AT = 16;
const OFFSET_DIGITS = 16;
const MARK = 'STARGZ';

/**
 * Gets the table by one request, or by two for a large one whose place is told by the footer. Undefined when it is not
 * where it should be. The bytes are not verified, but for those of a blob of its own. Destroying the stream may wait for
 * what it has asked for; aborting does not. @throws {RegistryError}, and so does the stream
 */
export async function fetchToc(
  call: OpenCall,
  toc: PublishedToc,
  signal: AbortSignal,
): Promise<FetchedToc | undefined> {
  if (toc.format === 'estargz') return fetchEstargz(call, signal);
  if (toc.format === 'soci') return { stream: await openBeside(call, toc.descriptor, signal), contentEnd: 0 };
  const pieces = await openRange(call, toc.startByte, toc.endByte, signal);
  return pieces && { stream: streamOf(pieces), contentEnd: toc.startByte };
}

function openBeside({ client, repository }: OpenCall, descriptor: Descriptor, signal: AbortSignal): Promise<Readable> {
  return client.openBlob({ repository, descriptor, signal });
}

/** Spec: eStargz, "Footer": the last gzip member holds the offset of the one with the table. */
async function fetchEstargz(call: OpenCall, signal: AbortSignal): Promise<FetchedToc | undefined> {
  const { sizeBytes } = call.descriptor;
  const tailStart = sizeBytes - Math.min(TAIL_BYTES, Math.floor(sizeBytes / 2));
  const tail = await readWhole(await openRange(call, tailStart, sizeBytes, signal));
  const contentEnd = tocOffset(tail.subarray(-FOOTER_BYTES));
  const tocEnd = sizeBytes - FOOTER_BYTES;
  if (contentEnd === undefined || contentEnd >= tocEnd) return undefined;
  if (tocEnd - contentEnd > MAX_TOC_BYTES) return undefined;
  const inTail = tail.subarray(Math.max(0, contentEnd - tailStart), -FOOTER_BYTES);
  if (contentEnd >= tailStart) return { stream: streamOf([inTail]), contentEnd };
  const begin = await openRange(call, contentEnd, tailStart, signal);
  return begin && { stream: streamOf(followed(begin, inTail)), contentEnd };
}

function tocOffset(footer: Buffer): number | undefined {
  const isFooter =
    footer.length === FOOTER_BYTES &&
    footer.subarray(0, FOOTER_HEAD.length).equals(FOOTER_HEAD) &&
    footer.subarray(FOOTER_EXTRA_AT, OFFSET_AT).equals(FOOTER_EXTRA) &&
    footer.toString('latin1', OFFSET_AT + OFFSET_DIGITS, OFFSET_AT + OFFSET_DIGITS + MARK.length) === MARK;
  const digits = footer.toString('latin1', OFFSET_AT, OFFSET_AT + OFFSET_DIGITS);
  return isFooter && /^[0-9a-f]{16}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

/** Exactly that range; undefined when the registry gave the whole blob in its place, which is then not read. */
async function openRange(
  call: OpenCall,
  startByte: number,
  endByte: number,
  signal: AbortSignal,
): Promise<AsyncIterable<Buffer> | undefined> {
  const { client, repository, descriptor } = call;
  const opened = await client.openBlobAt({ repository, descriptor, startByte, endByte, signal });
  if (opened.startByte === startByte) return beginOf(opened.stream, endByte - startByte);
  opened.stream.destroy();
  return undefined;
}

/** Some registries give the rest of the blob whatever end was asked for. */
async function* beginOf(stream: Readable, length: number): AsyncGenerator<Buffer, void, void> {
  let left = length;
  for await (const chunk of stream) {
    const piece: Buffer = chunk;
    yield piece.length > left ? piece.subarray(0, left) : piece;
    left -= piece.length;
    if (left <= 0) return;
  }
}

async function* followed(begin: AsyncIterable<Buffer>, end: Buffer): AsyncGenerator<Buffer, void, void> {
  yield* begin;
  yield end;
}

async function readWhole(pieces: AsyncIterable<Buffer> | undefined): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces ?? []) all.push(piece);
  return Buffer.concat(all);
}

function streamOf(pieces: AsyncIterable<Buffer> | Iterable<Buffer>): Readable {
  return Readable.from(pieces, { objectMode: false });
}
