import { readFileSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS = 128;
// Below this two colours look the same. Backgrounds that differ by a shade stay apart: they are frequent and flat.
const CLOSE = 11;

type Chunk = { readonly type: string; readonly data: Buffer };

function readChunks(png: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function writeChunk({ type, data }: Chunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Spec: PNG, "Filter type 4: Paeth". */
function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Undoes the filters of 8-bit rows; one colour of `size` bytes after the other comes out. */
function unfilter(data: Buffer, width: number, height: number, size: number): Uint8Array {
  const stride = width * size;
  const out = new Uint8Array(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = data[row * (stride + 1)]!;
    for (let column = 0; column < stride; column += 1) {
      const at = row * stride + column;
      const left = column >= size ? out[at - size]! : 0;
      const up = row > 0 ? out[at - stride]! : 0;
      const corner = column >= size && row > 0 ? out[at - stride - size]! : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      out[at] = data[row * (stride + 1) + 1 + column]! + guess;
    }
  }
  return out;
}

/**
 * The most frequent colours that differ from each other so that one can tell, so that a small red icon keeps its red;
 * every other becomes the nearest of them.
 */
function toPalette(colours: Uint32Array): { readonly palette: readonly number[]; readonly pixels: Uint8Array } {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette: number[] = [];
  for (const [colour] of [...counts].sort((a, b) => b[1] - a[1])) {
    if (palette.length === COLOURS) break;
    if (palette.every((chosen) => distance(chosen, colour) > CLOSE)) palette.push(colour);
  }
  const indexes = new Map<number, number>();
  for (const colour of counts.keys()) indexes.set(colour, nearest(palette, colour));
  return { palette, pixels: Uint8Array.from(colours, (colour) => indexes.get(colour)!) };
}

const parts = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255] as const;

/** Squared, in RGB. */
function distance(one: number, other: number): number {
  const [red, green, blue] = parts(one);
  const [r, g, b] = parts(other);
  return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
}

function nearest(palette: readonly number[], colour: number): number {
  const distances = palette.map((candidate) => distance(candidate, colour));
  return distances.indexOf(Math.min(...distances));
}

/** Writes a screenshot again with a palette of at most 128 colours: a quarter of the size. */
export function shrinkPng(file: string): void {
  const chunks = readChunks(readFileSync(file));
  const header = Buffer.from(chunks.find(({ type }) => type === 'IHDR')!.data);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const size = header[9] === 6 ? 4 : 3;
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const bytes = unfilter(inflateSync(packed), width, height, size);
  const colours = Uint32Array.from({ length: width * height }, (_, pixel) => {
    const at = pixel * size;
    return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
  });
  const { palette, pixels } = toPalette(colours);
  header[9] = 3;
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row += 1)
    rows.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const written: readonly Chunk[] = [
    { type: 'IHDR', data: header },
    { type: 'PLTE', data: Buffer.from(palette.flatMap(parts)) },
    { type: 'IDAT', data: deflateSync(rows, { level: 9 }) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ];
  writeFileSync(file, Buffer.concat([SIGNATURE, ...written.map(writeChunk)]));
}
