import { randomUUID } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { ArchiveError, NotFoundError } from '../gantry-error.ts';
import type { Clock } from '../ports.ts';
import type { ForJobs, ForPages, OpenArchives } from './archive.ts';
import { type ArchiveLedger, createArchiveLedger, type Held } from './archive-ledger.ts';
import { isTicket, readTicket, type Whereabouts, writeTicket } from './archive-ticket.ts';
import { openArchive } from './open-archive.ts';
import { createUploads, type Uploads } from './uploads.ts';

type Options = {
  /** A folder of ours, made when needed. */
  readonly dir: string;
  readonly clock: Pick<Clock, 'now'>;
};

type Context = {
  readonly uploads: Uploads;
  readonly ledger: ArchiveLedger;
  /** By the id a page knows it by. */
  readonly open: Map<string, Held>;
  /** Opens what is there now; the caller is its first holder. */
  readonly openAt: (origin: Whereabouts['origin'], name: string, signal: AbortSignal) => Promise<Held>;
};

/** The archives of this process, with what it makes of them below `dir`. */
export function createOpenArchives({ dir, clock }: Options): OpenArchives {
  const uploads = createUploads(join(dir, 'uploads'), clock);
  const ledger = createArchiveLedger(dir, uploads);
  const open = new Map<string, Held>();
  const context: Context = {
    uploads,
    ledger,
    open,
    openAt: async (origin, name, signal) => {
      const path = origin.kind === 'path' ? origin.path : uploads.pathOf(origin.uploadId);
      const { source, fingerprint } = await openArchive(path, { scratchDir: dir, name, signal });
      return ledger.add(source, { origin, name, fingerprint });
    },
  };
  return {
    ...forPages(context),
    ...forJobs(context),
    closeAll: async () => {
      open.clear();
      await ledger.closeAll();
    },
  };
}

function forPages({ uploads, ledger, open, openAt }: Context): ForPages {
  const admit = (archiveId: string, held: Held) => {
    open.set(archiveId, held);
    return { archiveId, contents: held.source.contents };
  };
  return {
    openPath: async (path, { signal }) =>
      admit(randomUUID(), await openAt({ kind: 'path', path: resolve(path) }, basename(path), signal)),
    beginUpload: (upload) => uploads.begin(upload),
    receive: (archiveId, path, bytes, { signal }) => uploads.receive(archiveId, path, bytes, signal),
    finishUpload: async (archiveId, { signal }) => {
      const { name } = uploads.end(archiveId);
      try {
        return admit(archiveId, await openAt({ kind: 'upload', uploadId: archiveId }, name, signal));
      } catch (error) {
        await uploads.remove(archiveId);
        throw error;
      }
    },
    close: async (archiveId) => {
      const held = open.get(archiveId);
      open.delete(archiveId);
      if (held !== undefined) await ledger.release(held);
      else if (uploads.isOpen(archiveId)) await uploads.remove(archiveId);
      else return false;
      return true;
    },
  };
}

function forJobs({ ledger, open, openAt }: Context): ForJobs {
  const find = (archiveId: string): Held => {
    const held = open.get(archiveId);
    if (held === undefined) throw new NotFoundError('archive');
    return held;
  };
  return {
    openArchiveSource: (archiveId) => ledger.share(find(archiveId)),
    takeTicket: (archiveId) => {
      const ticket = writeTicket(find(archiveId).whereabouts);
      ledger.addTicket(ticket);
      return ticket;
    },
    giveBackTicket: (ticket) => ledger.removeTicket(ticket),
    openByTicket: async (ticket, { signal }) => {
      const { origin, name, fingerprint } = readTicket(ticket);
      const held = await openAt(origin, name, signal);
      const isSame = held.whereabouts.fingerprint === fingerprint;
      const source = isSame ? ledger.share(held) : undefined;
      await ledger.release(held);
      if (source === undefined) throw new ArchiveError('changed', name, '');
      return source;
    },
    keepOnly: async (tickets) => {
      // A journal that was damaged must not stop the start; its job fails when it asks for the archive.
      for (const ticket of tickets) if (isTicket(ticket)) ledger.addTicket(ticket);
      await ledger.sweep();
    },
  };
}
