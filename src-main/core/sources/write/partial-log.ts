import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { z } from 'zod';
import { digestSchema } from '#shared/oci/digest.ts';
import { openRegular, orAbsent } from '../../files.ts';

/**
 * What is where in an unfinished tar, a line an event:
 * - `begin`: room for a blob was set aside; its header is at `start`, its content at `offset`.
 * - `mark`: so many bytes of the blob at `start` are on the disk.
 */
const eventSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('begin'),
    digest: digestSchema,
    sizeBytes: z.int().nonnegative(),
    start: z.int().nonnegative(),
    offset: z.int().nonnegative(),
  }),
  z.object({ event: z.literal('mark'), start: z.int().nonnegative(), bytes: z.int().nonnegative() }),
]);
export type PartialEvent = z.infer<typeof eventSchema>;

export type PartialLog = {
  /** Resolves when the line is on the disk. */
  append(event: PartialEvent): Promise<void>;
  close(): Promise<void>;
};

const MAX_LOG_BYTES = 64 * 1024 * 1024;

/** The events of an earlier try, in order, up to the first line that was not written whole. */
export async function readPartialLog(path: string): Promise<readonly PartialEvent[]> {
  const handle = await openRegular(path);
  if (handle === undefined) return [];
  try {
    if ((await handle.stat()).size > MAX_LOG_BYTES) return [];
    return parseLines(await handle.readFile('utf8'));
  } finally {
    await handle.close();
  }
}

function parseLines(text: string): readonly PartialEvent[] {
  const events: PartialEvent[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const parsed = eventSchema.safeParse(parseLine(line));
    if (!parsed.success) break;
    events.push(parsed.data);
  }
  return events;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Begins the log anew with these events. @throws an error of the file system */
export async function startPartialLog(path: string, events: readonly PartialEvent[]): Promise<PartialLog> {
  await orAbsent(rm(path));
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  let writing: Promise<unknown> = Promise.resolve();
  const write = async (lines: readonly PartialEvent[]): Promise<void> => {
    await handle.appendFile(lines.map((event) => `${JSON.stringify(event)}\n`).join(''));
    await handle.datasync();
  };
  try {
    await write(events);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return {
    append: (event) => {
      // One line after the other, whatever becomes of the one before.
      const written = writing.catch(() => undefined).then(() => write([event]));
      writing = written;
      return written;
    },
    close: async () => {
      await writing.catch(() => undefined);
      await handle.close();
    },
  };
}
