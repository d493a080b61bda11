import { PIECE_BYTES } from './gzip.ts';

/**
 * Gives the memory of a used piece of output back at once, where the garbage collector would let tens of MiB of them
 * gather first. A piece of which zlib may still fill the rest is left alone, and so is anything but one of its buffers.
 */
export function freePiece({ buffer, byteOffset, length }: Buffer): void {
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === PIECE_BYTES;
  if (isOwn && byteOffset + length === PIECE_BYTES) buffer.transfer(0);
}
