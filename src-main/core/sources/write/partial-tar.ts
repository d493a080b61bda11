import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openRegular, orAbsent, syncFolder, writeAll } from '../../files.ts';
import { DigestMismatchError } from '../../gantry-error.ts';
import { createSingleFlight, type SingleFlight } from '../../single-flight.ts';
import { BLOCK_BYTES } from '../../tar/header-fields.ts';
import type { PutBlob } from '../../transfer/ends.ts';
import { bytesStream } from '../files/read-range.ts';
import type { BlobSink } from './blob-sink.ts';
import { closeGaps } from './close-gaps.ts';
import { type PartialLog, readPartialLog, startPartialLog } from './partial-log.ts';
import { isWhole, newReceipt, receiptOf, receiveBlob } from './receive-blob.ts';
import {
  createRegions,
  entryHeader,
  eventsOf,
  headerOf,
  padded,
  type Region,
  type Regions,
  regionsOf,
} from './regions.ts';

/** A tar that is being written. */
export type PartialTar = BlobSink & {
  /** Adds small files, ends the tar, syncs it and moves it to `path`. */
  finishAs(path: string, files: readonly TarFile[], signal: AbortSignal): Promise<void>;
  /** Keeps what there is for another try. */
  close(): Promise<void>;
  remove(): Promise<void>;
};

export type TarFile = { readonly path: string; readonly bytes: Uint8Array };

/** Both beside the final path. */
export type PartialPaths = { readonly tar: string; readonly log: string };

type Context = {
  readonly paths: PartialPaths;
  readonly handle: FileHandle;
  readonly log: PartialLog;
  readonly regions: Regions;
  readonly readBack: SingleFlight<void>;
};

/** What is synced and noted at least: so much of a blob is sent again after a crash. */
const MARK_BYTES = 64 * 1024 * 1024;
/** Tars are written in records of twenty blocks; some readers ask for whole ones. */
const RECORD_BYTES = 20 * BLOCK_BYTES;
const FOLDERS = Buffer.concat(['blobs/', 'blobs/sha256/'].map((path) => entryHeader(path, '5', 0)));

/**
 * A tar whose blobs are written at their final places while they arrive, several at a time, since their sizes are known
 * from the start: the bytes go to the disk once, and twenty gigabytes do not need forty. A log beside it says what is
 * where, so that another process goes on.
 * @throws an error of the file system when the files cannot be made
 */
export async function openPartialTar(paths: PartialPaths): Promise<PartialTar> {
  const found = regionsOf(await readPartialLog(paths.log));
  const earlier = found.length === 0 ? undefined : await openRegular(paths.tar, constants.O_RDWR);
  const handle = earlier ?? (await openNew(paths.tar));
  try {
    const kept = earlier === undefined ? [] : found;
    await writeAll(handle, FOLDERS, 0);
    const log = await startPartialLog(paths.log, kept.flatMap(eventsOf));
    const regions = createRegions(FOLDERS.length, kept);
    return createPartialTar({ paths, handle, log, regions, readBack: createSingleFlight() });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Never through a link that somebody put there (K02). */
async function openNew(path: string): Promise<FileHandle> {
  await orAbsent(rm(path));
  return open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
}

function createPartialTar(context: Context): PartialTar {
  const { paths, handle, log, regions } = context;
  const flights = createSingleFlight<'present' | 'sent'>();
  const put = (call: PutBlob) =>
    flights.run(call.descriptor.digest, (signal) => putRegion(context, { ...call, signal }), call.signal);
  const close = async () => {
    await log.close();
    await handle.close();
  };
  return {
    has: async ({ digest, sizeBytes }, { signal }) => {
      const region = regions.find(digest, sizeBytes);
      if (region === undefined) return false;
      await settle(context, region, signal);
      return region.isWhole;
    },
    put,
    putBytes: async ({ bytes, digest }, { signal }) => {
      const descriptor = { digest, sizeBytes: bytes.byteLength, mediaType: '' };
      await put({ descriptor, signal, open: async (startByte) => bytesStream(bytes, startByte) });
    },
    keptBytes: () => regions.all.reduce((sum, { markedBytes }) => sum + markedBytes, 0),
    finishAs: (path, files, signal) => finish(context, { path, files, signal }),
    close,
    remove: async () => {
      await close();
      await rm(paths.tar, { force: true });
      await rm(paths.log, { force: true });
    },
  };
}

/** Looks once at what an earlier process has left of a blob. */
function settle({ handle, readBack }: Context, region: Region, signal: AbortSignal): Promise<void> {
  const { digest, sizeBytes, offset, markedBytes } = region;
  const look = async (readSignal: AbortSignal): Promise<void> => {
    if (region.receipt !== undefined) return;
    const receipt = await receiptOf(digest, { handle, offset }, markedBytes, readSignal);
    region.isWhole = isWhole(receipt, digest, sizeBytes);
    const isWrong = receipt.receivedBytes === sizeBytes && !region.isWhole;
    region.receipt = isWrong ? newReceipt(digest) : receipt;
    region.markedBytes = region.receipt.receivedBytes;
  };
  return readBack.run(String(region.start), look, signal);
}

async function putRegion(context: Context, call: PutBlob): Promise<'present' | 'sent'> {
  const { handle, log, regions } = context;
  const { digest, sizeBytes } = call.descriptor;
  const known = regions.find(digest, sizeBytes);
  const region = known ?? regions.setAside(digest, sizeBytes);
  if (known === undefined)
    await log.append({ event: 'begin', digest, sizeBytes, start: region.start, offset: region.offset });
  await settle(context, region, call.signal);
  if (region.isWhole) return 'present';
  // Again, too: the one of an earlier process need not have reached the disk.
  await writeAll(handle, headerOf(digest, sizeBytes), region.start);
  await receive(context, region, call);
  return 'sent';
}

async function receive({ handle, log }: Context, region: Region, call: PutBlob): Promise<void> {
  const { digest, sizeBytes, offset, start } = region;
  const mark = async (bytes: number): Promise<void> => {
    await handle.datasync();
    await log.append({ event: 'mark', start, bytes });
    region.markedBytes = bytes;
  };
  const onWritten = async (bytes: number) => {
    if (bytes - region.markedBytes >= MARK_BYTES) await mark(bytes);
  };
  const receipt = (region.receipt ??= newReceipt(digest));
  const resumed = receipt.receivedBytes > 0;
  try {
    await receiveBlob(call, receipt, { handle, offset, onWritten });
  } catch (error) {
    if (!(error instanceof DigestMismatchError)) throw error;
    region.receipt = newReceipt(digest);
    region.markedBytes = 0;
    if (!resumed) throw error;
    // What was there may have been damaged since: once more, from the first byte.
    await receiveBlob(call, region.receipt, { handle, offset, onWritten });
  }
  await mark(sizeBytes);
  region.isWhole = true;
}

type Finish = { readonly path: string; readonly files: readonly TarFile[]; readonly signal: AbortSignal };

async function finish(context: Context, { path, files, signal }: Finish): Promise<void> {
  const { handle, log, regions, paths } = context;
  for (const region of regions.all) await settle(context, region, signal);
  const whole = regions.all.filter((region) => region.isWhole);
  await log.close();
  const isGapless = whole.length === regions.all.length;
  const end = isGapless ? regions.end() : await closeGaps(handle, whole, FOLDERS.length, paths.log);
  await writeEnd(handle, end, files);
  await handle.sync();
  await handle.close();
  await rename(paths.tar, path);
  await syncFolder(dirname(path));
  await rm(paths.log, { force: true });
}

async function writeEnd(handle: FileHandle, start: number, files: readonly TarFile[]): Promise<void> {
  const parts = files.flatMap(({ path, bytes }) => [
    entryHeader(path, '0', bytes.byteLength),
    bytes,
    Buffer.alloc(padded(bytes.byteLength) - bytes.byteLength),
  ]);
  const tail = Buffer.concat(parts);
  // What lies behind is cut off first, so that all that is added reads as zeros.
  await handle.truncate(start);
  await writeAll(handle, tail, start);
  await handle.truncate(Math.ceil((start + tail.length + 2 * BLOCK_BYTES) / RECORD_BYTES) * RECORD_BYTES);
}
