import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of a file of SQLite's write-ahead log. Spec: SQLite, "Database File Format", 4.1 "WAL File Format". */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const SECTOR_BYTES = 512;

const DATABASE = 'transfers.db';
const LOG = `${DATABASE}-wal`;

/** What a disk may hold of the log after the power went: so many bytes of it, and what was to follow is lost or garbage. */
export type Torn = { readonly bytes: number; readonly rest: 'lost' | 'zeros' | 'garbage' };

/** Every frame of the log that lies in `dataDir`, lost from its begin and torn in its middle. */
export function tornLogs(dataDir: string): readonly Torn[] {
  const log = readFileSync(join(dataDir, LOG));
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8);
  const starts: number[] = [];
  for (let at = HEADER_BYTES; at < log.length; at += frameBytes) starts.push(at);
  const inside = (at: number) => at + SECTOR_BYTES * Math.floor(frameBytes / SECTOR_BYTES / 2);
  return [
    { bytes: 0, rest: 'lost' },
    ...starts.flatMap((at, index): readonly Torn[] => [
      { bytes: at, rest: 'lost' },
      { bytes: inside(at), rest: index % 2 === 0 ? 'zeros' : 'garbage' },
    ]),
    { bytes: log.length, rest: 'lost' },
  ];
}

/** How long the log in `dataDir` is now; what it holds is synced when a durable write has returned. */
export function logBytes(dataDir: string): number {
  return existsSync(join(dataDir, LOG)) ? readFileSync(join(dataDir, LOG)).length : 0;
}

/** Copies the journal of `from` to the new folder `to` as the disk holds it afterwards. */
export function copyTorn(from: string, to: string, { bytes, rest }: Torn): void {
  mkdirSync(to, { recursive: true });
  copyFileSync(join(from, DATABASE), join(to, DATABASE));
  const log = readFileSync(join(from, LOG));
  const lost = rest === 'garbage' ? Buffer.alloc(log.length - bytes, 0xa5) : Buffer.alloc(log.length - bytes);
  const kept = log.subarray(0, bytes);
  writeFileSync(join(to, LOG), rest === 'lost' ? kept : Buffer.concat([kept, lost]));
}
