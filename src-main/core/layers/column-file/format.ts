/** Length of the name of a format, at the begin of a file. */
export const MAGIC_BYTES = 8;
/** Magic, checksum of what follows it, length of the facts. */
export const HEAD_BYTES: number = MAGIC_BYTES + 8;

/** Columns lie at multiples of eight, so that they can be used where they are. */
export const ALIGNMENT = 8;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

export type Column = Uint8Array | Uint32Array | Float64Array;

/** What is in the file. The columns are views of it. */
export type Unpacked = {
  readonly facts: unknown;
  readonly u8: (column: string) => Uint8Array;
  readonly u32: (column: string) => Uint32Array;
  readonly f64: (column: string) => Float64Array;
};
