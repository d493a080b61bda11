import type { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { OpenCall } from '../store/layer-opener.ts';
import { MAX_TOC_BYTES } from '../limits.ts';
import type { PublishedToc } from './find-published.ts';

/** A table of contents as it was published, in a buffer of its own, and where in the blob the content before it ends. */
export type FetchedToc = { readonly bytes: ArrayBuffer; readonly contentEnd: number };

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
 * where it should be. The bytes are not verified, but for those of a blob of its own. @throws {RegistryError}
 */
export async function fetchToc(
  call: OpenCall,
  toc: PublishedToc,
  signal: AbortSignal,
): Promise<FetchedToc | undefined> {
  if (toc.format === 'estargz') return fetchEstargz(call, signal);
  if (toc.format === 'soci') return { bytes: joined(await fetchBeside(call, toc.descriptor, signal)), contentEnd: 0 };
  const pieces = await readRange(call, toc.startByte, toc.endByte, signal);
  return pieces && { bytes: joined(pieces), contentEnd: toc.startByte };
}

async function fetchBeside(
  { client, repository }: OpenCall,
  descriptor: Descriptor,
  signal: AbortSignal,
): Promise<readonly Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of await client.openBlob({ repository, descriptor, signal })) pieces.push(piece);
  return pieces;
}

/** Spec: eStargz, "Footer": the last gzip member holds the offset of the one with the table. */
async function fetchEstargz(call: OpenCall, signal: AbortSignal): Promise<FetchedToc | undefined> {
  const { sizeBytes } = call.descriptor;
  const tailStart = sizeBytes - Math.min(TAIL_BYTES, Math.floor(sizeBytes / 2));
  const tail = Buffer.concat((await readRange(call, tailStart, sizeBytes, signal)) ?? []);
  const contentEnd = tocOffset(tail.subarray(-FOOTER_BYTES));
  const tocEnd = sizeBytes - FOOTER_BYTES;
  if (contentEnd === undefined || contentEnd >= tocEnd) return undefined;
  if (tocEnd - contentEnd > MAX_TOC_BYTES) return undefined;
  const inTail = tail.subarray(Math.max(0, contentEnd - tailStart), -FOOTER_BYTES);
  if (contentEnd >= tailStart) return { bytes: joined([inTail]), contentEnd };
  const begin = await readRange(call, contentEnd, tailStart, signal);
  return begin && { bytes: joined([...begin, inTail]), contentEnd };
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
async function readRange(
  call: OpenCall,
  startByte: number,
  endByte: number,
  signal: AbortSignal,
): Promise<readonly Buffer[] | undefined> {
  const { client, repository, descriptor } = call;
  const opened = await client.openBlobAt({ repository, descriptor, startByte, endByte, signal });
  if (opened.startByte !== startByte) {
    opened.stream.destroy();
    return undefined;
  }
  return readExactly(opened.stream, endByte - startByte);
}

async function readExactly(stream: Readable, length: number): Promise<readonly Buffer[] | undefined> {
  const pieces: Buffer[] = [];
  let have = 0;
  for await (const chunk of stream) {
    const piece: Buffer = chunk;
    pieces.push(piece.subarray(0, length - have));
    have += piece.length;
    if (have >= length) return pieces;
  }
  return undefined;
}

function joined(pieces: readonly Buffer[]): ArrayBuffer {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes.buffer;
}
