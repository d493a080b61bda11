/** What a linker of Go leaves in a program, at a place of 16; the rest of the program is zeros. */
export function goProgram(parts: {
  readonly modules?: string;
  readonly version?: string;
  readonly flags?: number;
  readonly at?: number;
  readonly before?: Buffer;
}): Buffer {
  const { modules = '', version = 'go1.26.8', flags = 2, at = 600_000, before = Buffer.alloc(0) } = parts;
  const frame = (text: string) => (text === '' ? '' : `${'<'.repeat(16)}${text}${'>'.repeat(16)}`);
  const info = Buffer.concat([
    Buffer.from('\u00ff Go buildinf:', 'latin1'),
    Buffer.from([8, flags]),
    Buffer.alloc(16),
    lengthAnd(version),
    lengthAnd(frame(modules)),
  ]);
  const program = Buffer.alloc(at + info.length + 100);
  Buffer.from('7f454c46', 'hex').copy(program);
  before.copy(program, 64);
  info.copy(program, at);
  return program;
}

function lengthAnd(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length: number[] = [];
  let left = bytes.length;
  for (; left >= 128; left = Math.floor(left / 128)) length.push((left % 128) | 128);
  return Buffer.concat([Buffer.from([...length, left]), bytes]);
}
