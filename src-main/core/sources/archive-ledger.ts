import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveSource, ArchiveTicket } from './archive.ts';
import { readTicket, type Whereabouts } from './archive-ticket.ts';
import type { Uploads } from './uploads.ts';

/** An open archive with the number of those who use it. */
export type Held = { readonly source: ArchiveSource; readonly whereabouts: Whereabouts; holders: number };

/** Who needs which archive, and what is deleted when nobody does. */
export type ArchiveLedger = {
  /** The first holder is the caller. */
  add(source: ArchiveSource, whereabouts: Whereabouts): Held;
  /** A source of its own for one more holder. */
  share(held: Held): ArchiveSource;
  release(held: Held): Promise<void>;
  addTicket(ticket: ArchiveTicket): void;
  removeTicket(ticket: ArchiveTicket): Promise<void>;
  /** Deletes what neither an open archive nor a ticket needs. */
  sweep(): Promise<void>;
  closeAll(): Promise<void>;
};

/** `dir` holds what is made of archives; uploads lie where `uploads` says. */
export function createArchiveLedger(dir: string, uploads: Uploads): ArchiveLedger {
  const live = new Set<Held>();
  const tickets = new Map<ArchiveTicket, number>();

  const neededUploads = (): ReadonlySet<string> => {
    const needed = [...[...live].map(({ whereabouts }) => whereabouts), ...[...tickets.keys()].map(readTicket)];
    return new Set(needed.flatMap(({ origin }) => (origin.kind === 'upload' ? [origin.uploadId] : [])));
  };
  const tidy = async ({ origin }: Whereabouts): Promise<void> => {
    if (origin.kind === 'upload' && !neededUploads().has(origin.uploadId)) await uploads.remove(origin.uploadId);
    // Compressed layers may belong to any archive: they are worth their room while one is open or awaited.
    if (live.size === 0 && tickets.size === 0) await rm(join(dir, 'compressed'), { recursive: true, force: true });
  };
  const release = async (held: Held): Promise<void> => {
    held.holders -= 1;
    if (held.holders > 0 || !live.delete(held)) return;
    await held.source.close();
    await tidy(held.whereabouts);
  };
  return {
    add: (source, whereabouts) => {
      const held = { source, whereabouts, holders: 1 };
      live.add(held);
      return held;
    },
    share: (held) => {
      held.holders += 1;
      let closed: Promise<void> | undefined;
      return { ...held.source, close: () => (closed ??= release(held)) };
    },
    release,
    addTicket: (ticket) => {
      tickets.set(ticket, (tickets.get(ticket) ?? 0) + 1);
    },
    removeTicket: async (ticket) => {
      const left = (tickets.get(ticket) ?? 1) - 1;
      if (left > 0) tickets.set(ticket, left);
      else tickets.delete(ticket);
      if (left <= 0) await tidy(readTicket(ticket));
    },
    sweep: async () => {
      await uploads.keepOnly(neededUploads());
      if (live.size > 0) return;
      await rm(join(dir, 'inflated'), { recursive: true, force: true });
      if (tickets.size === 0) await rm(join(dir, 'compressed'), { recursive: true, force: true });
    },
    closeAll: async () => {
      const all = [...live];
      live.clear();
      await Promise.all(all.map(({ source }) => source.close()));
    },
  };
}
