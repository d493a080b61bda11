import { type PackageFacts, toFacts } from './installed-package.ts';

/** What the Go linker writes into a program: with what it was built, and of which modules, as text. */
export type GoBuildInfo = { readonly goVersion: string; readonly modules: string };

const MAGIC = Buffer.from('\u00ff Go buildinf:', 'latin1');
/** It lies at such a place in memory, and so in the file. */
const ALIGNMENT = 16;
const HEAD_BYTES = 32;
const FLAGS_AT = 15;
/** Both texts follow inside the program, since Go 1.18; before, pointers did. */
const INLINE = 2;
const MAX_VERSION_BYTES = 1024;
const MAX_MODULES_BYTES = 4 * 1024 * 1024;
/** Sixteen bytes stand before and behind the modules. */
const FRAME_BYTES = 16;
const PROGRAMS: ReadonlySet<string> = new Set([
  '7f454c46', // ELF
  'cffaedfe', // Mach-O, 64 bits
  'cefaedfe', // Mach-O, 32 bits
  'cafebabe', // Mach-O for several machines
]);
const NOTHING = Buffer.alloc(0);

/**
 * Looks for it in a program as its bytes come by, whatever the format: what is found is taken only when it is whole and
 * what it should be, since programs that look for such texts have the mark in them, too. Holds at most some 4 MiB.
 * Spec: Go, `debug/buildinfo`.
 */
export class GoInfoFinder {
  #rest: Buffer = NOTHING;
  /** Of the first byte of the rest. */
  #position = 0;
  #isProgram: boolean | undefined;
  #found: GoBuildInfo | undefined;

  get found(): GoBuildInfo | undefined {
    return this.#found;
  }

  /** False when there is no use in more bytes. */
  push(bytes: Buffer): boolean {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    if (this.#rest.length < HEAD_BYTES) return true;
    this.#isProgram ??= isProgram(this.#rest);
    while (this.#isProgram && this.#found === undefined && this.#step()) {
      // Once more behind a mark that was none.
    }
    return this.#isProgram && this.#found === undefined;
  }

  /** True when there may be another mark in what is there. */
  #step(): boolean {
    const at = this.#rest.indexOf(MAGIC);
    if (at === -1) {
      this.#drop(Math.max(0, this.#rest.length - MAGIC.length + 1));
      return false;
    }
    if ((this.#position + at) % ALIGNMENT === 0) {
      const read = readAt(this.#rest.subarray(at));
      if (read === 'more') {
        this.#drop(at);
        return false;
      }
      if (read !== 'none') this.#found = read;
    }
    this.#drop(at + 1);
    return true;
  }

  #drop(count: number): void {
    this.#rest = this.#rest.subarray(count);
    this.#position += count;
  }
}

function isProgram(head: Buffer): boolean {
  return PROGRAMS.has(head.toString('hex', 0, 4)) || head.toString('latin1', 0, 2) === 'MZ';
}

function readAt(bytes: Buffer): GoBuildInfo | 'more' | 'none' {
  if (bytes.length < HEAD_BYTES) return 'more';
  if (((bytes[FLAGS_AT] ?? 0) & INLINE) === 0) return 'none';
  const version = readText(bytes, HEAD_BYTES, MAX_VERSION_BYTES);
  if (typeof version === 'string') return version;
  const goVersion = version.text.toString();
  if (!/^(?:go\d|devel )[\x20-\x7e]*$/.test(goVersion)) return 'none';
  const framed = readText(bytes, version.end, MAX_MODULES_BYTES);
  if (typeof framed === 'string') return framed;
  // A program of one file that is in no module has none.
  const isFramed = framed.text.length > 2 * FRAME_BYTES && framed.text.at(-FRAME_BYTES - 1) === 0x0a;
  return {
    goVersion,
    modules: isFramed ? framed.text.toString('utf8', FRAME_BYTES, framed.text.length - FRAME_BYTES) : '',
  };
}

type Text = { readonly text: Buffer; readonly end: number };

/** A length of seven bits a byte, and so many bytes. */
function readText(bytes: Buffer, start: number, maxBytes: number): Text | 'more' | 'none' {
  let length = 0;
  let at = start;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at];
    if (byte === undefined) return 'more';
    length += (byte & 0x7f) * scale;
    if (length > maxBytes || at - start > 4) return 'none';
    at += 1;
    if (byte < 0x80) break;
  }
  const end = at + length;
  return end > bytes.length ? 'more' : { text: bytes.subarray(at, end), end };
}

/**
 * The modules of a program: its own, those it depends on, a replaced one as what replaces it, and the standard library
 * as the version of Go. Spec: Go, `runtime/debug`, `BuildInfo.String`.
 */
export function* readGoModules({ goVersion, modules }: GoBuildInfo): Generator<PackageFacts, void, void> {
  const library = toFacts({ name: 'stdlib', version: goVersion.split(' ')[0] });
  if (library !== undefined) yield library;
  let last: PackageFacts | undefined;
  for (const line of modules.split('\n')) {
    const [kind, name, version] = line.split('\t');
    if (kind === '=>') {
      last = toFacts({ name, version: version === '' ? '(local)' : version, source: last?.name });
      continue;
    }
    if (last !== undefined) yield last;
    last = kind === 'mod' || kind === 'dep' ? toFacts({ name, version }) : undefined;
  }
  if (last !== undefined) yield last;
}
