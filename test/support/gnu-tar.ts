import { execFile } from 'node:child_process';
import { TarScanner } from '#main/core/layers/tar/scanner.ts';
import type { TarMember } from '#main/core/layers/tar/member.ts';
import { TarProblem } from '#main/core/layers/tar/tar-problem.ts';

/** What two listings of one archive are compared by: bytes of names as Latin-1, numbers as they are printed. */
export type Listed = {
  readonly mode: string;
  readonly owner: string;
  readonly size: string;
  /** Whole seconds. */
  readonly time: number;
  readonly name: string;
  readonly target?: string;
};

export type Listing = {
  readonly entries: readonly Listed[];
  /** Undefined when the whole archive was read without a complaint. */
  readonly complaint: string | undefined;
  readonly detail?: string;
};

const ARGS = [
  '--list',
  '--verbose',
  '--numeric-owner',
  '--full-time',
  '--utc',
  '--quoting-style=c',
  '--absolute-names',
] as const;
const LINE =
  /^(\S{10})[+.@]?\s+(\d+\/\d+)\s+(\d+(?:,\d+)?)\s+(-?\d+)-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.\d+)?\s+("(?:[^"\\]|\\.)*")(?: (?:->|link to) ("(?:[^"\\]|\\.)*"))?(?: unknown file type .*|--.*--.*)?$/;

/** How GNU tar lists an archive. */
export async function listWithGnuTar(tar: Uint8Array): Promise<Listing> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const { stdout, stderr, code } = await new Promise<{ stdout: string; stderr: string; code: unknown }>((resolve) => {
    const options = { encoding: 'latin1', env, maxBuffer: 1 << 28 } as const;
    const child = execFile('tar', [...ARGS, '-f', '-'], options, (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: error === null ? 0 : error.code });
    });
    // It may end before it has read everything.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(tar);
  });
  const entries = stdout.split('\n').filter((line) => line !== '');
  return { entries: entries.map(parseLine), complaint: code === 0 ? undefined : stderr };
}

function parseLine(line: string): Listed {
  const match = LINE.exec(line);
  if (match === null) throw new Error(`GNU tar printed what this test cannot read: ${line}`);
  const [, mode = '', owner = '', size = '', year, month, day, hours, minutes, seconds, name = '', target] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hours), Number(minutes), Number(seconds));
  return {
    mode,
    owner,
    size,
    time: date.getTime() / 1000,
    name: unquote(name),
    ...(target !== undefined && { target: unquote(target) }),
  };
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\([0-7]{3}|.)/g, (_all, code: string) => {
    return code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code);
  });
}

/** How Gantry lists it, fed in chunks of that size. */
export function listWithGantry(tar: Uint8Array, chunkBytes = 64 * 1024): Listing {
  const entries: Listed[] = [];
  try {
    const scanner = new TarScanner((member) => void entries.push(describeMember(member)), { maxEntries: 1_000_000 });
    for (let at = 0; at < tar.length; at += chunkBytes) scanner.push(tar.subarray(at, at + chunkBytes));
    scanner.end();
    return { entries, complaint: undefined };
  } catch (error) {
    if (!(error instanceof TarProblem)) throw error;
    return { entries, complaint: error.reason, detail: error.message };
  }
}

const TYPE_LETTERS = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: 'h',
  'char-device': 'c',
  'block-device': 'b',
  fifo: 'p',
} as const;

function describeMember(member: TarMember): Listed {
  const hasTarget = member.type === 'symlink' || member.type === 'hardlink';
  return {
    mode: TYPE_LETTERS[member.type] + modeLetters(member.mode),
    owner: `${member.uid}/${member.gid}`,
    size: member.device ?? String(member.sizeBytes),
    time: Math.floor(member.modifiedSeconds),
    name: Buffer.from(member.name).toString('latin1'),
    ...(hasTarget && { target: Buffer.from(member.linkName).toString('latin1') }),
  };
}

function modeLetters(mode: number): string {
  const triple = (bits: number, special: boolean, letter: string) => {
    const execute = (bits & 1) !== 0;
    const last = special ? (execute ? letter : letter.toUpperCase()) : execute ? 'x' : '-';
    return `${(bits & 4) !== 0 ? 'r' : '-'}${(bits & 2) !== 0 ? 'w' : '-'}${last}`;
  };
  return (
    triple(mode >> 6, (mode & 0o4000) !== 0, 's') +
    triple(mode >> 3, (mode & 0o2000) !== 0, 's') +
    triple(mode, (mode & 0o1000) !== 0, 't')
  );
}
