import { z } from 'zod';
import { NotFoundError } from '../gantry-error.ts';
import type { ArchiveTicket } from './archive.ts';

const ticketSchema = z.object({
  origin: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('path'), path: z.string() }),
    z.object({ kind: z.literal('upload'), uploadId: z.uuid() }),
  ]),
  /** What a person calls it. */
  name: z.string(),
  /** What tells it from another file at the same place. */
  fingerprint: z.string(),
});

/** Where an archive is, and which it was. */
export type Whereabouts = z.infer<typeof ticketSchema>;

/** As a job keeps it. */
export function writeTicket(whereabouts: Whereabouts): ArchiveTicket {
  return JSON.stringify(whereabouts);
}

/** True for what `readTicket` reads. */
export function isTicket(ticket: string): boolean {
  return ticketSchema.safeParse(parseText(ticket)).success;
}

/** @throws {NotFoundError} for what is no ticket */
export function readTicket(ticket: ArchiveTicket): Whereabouts {
  const parsed = ticketSchema.safeParse(parseText(ticket));
  if (!parsed.success) throw new NotFoundError('archive');
  return parsed.data;
}

function parseText(ticket: string): unknown {
  try {
    return JSON.parse(ticket);
  } catch {
    return undefined;
  }
}
