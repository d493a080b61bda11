import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { makeFolder, orAbsent } from '../core/files.ts';
import type { OpenArchives } from '../core/sources/archive.ts';
import { createArchiveDestination } from '../core/sources/create-archive-destination.ts';
import type { FileEnds } from '../core/transfer/ends.ts';
import { TransferError } from '../core/transfer/transfer-error.ts';

const destinationSchema = z.object({
  format: z.enum(['oci-layout', 'oci-tar', 'docker-tar']),
  path: z.string(),
  /** Of the transfer, so that it finds again what it has written. */
  key: z.string(),
  eachPlatform: z.boolean(),
  /** What the page saves it as; present when it is kept for that. */
  downloadName: z.string().exactOptional(),
});

/** What a transfer writes to a file or folder of this machine, as its journal keeps it. */
export type FileDestination = z.infer<typeof destinationSchema>;

export function formatFileDestination(destination: FileDestination): string {
  return JSON.stringify(destination);
}

/** Undefined for what no version of ours has written. */
export function parseFileDestination(text: string): FileDestination | undefined {
  try {
    return destinationSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Where a pull waits for its page: one folder a transfer. */
export function downloadPath(dataDir: string, key: string): string {
  return join(dataDir, 'downloads', key, 'archive.tar');
}

/** Files as the ends of transfers: a source is known by the ticket of its archive. */
export function createFileEnds(archives: OpenArchives): FileEnds {
  return {
    openSource: (ticket, call) => archives.openByTicket(ticket, call),
    openDestination: async (id) => {
      const destination = parseFileDestination(id);
      if (destination === undefined) throw new TransferError('destination-gone', 'a file');
      const { downloadName, ...options } = destination;
      if (downloadName !== undefined) await makeFolder(dirname(options.path));
      return createArchiveDestination(options);
    },
  };
}

/** Deletes what a page could have downloaded; a file that a person saved stays. */
export async function deleteDownload(destination: FileDestination | undefined): Promise<void> {
  if (destination?.downloadName === undefined) return;
  await rm(dirname(destination.path), { recursive: true, force: true });
}

/** Deletes what pages could have downloaded, but for transfers that are still in the list. */
export async function sweepDownloads(dataDir: string, keys: ReadonlySet<string>): Promise<void> {
  const folder = join(dataDir, 'downloads');
  const names = (await orAbsent(readdir(folder))) ?? [];
  await Promise.all(
    names.filter((name) => !keys.has(name)).map((name) => rm(join(folder, name), { recursive: true, force: true })),
  );
}
