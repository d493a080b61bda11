/**
 * Gives the memory of a buffer back at once, where the garbage collector would let tens of MiB gather and then look
 * through the whole heap for them. Only for its last owner, and only where the view is all of its buffer: nobody can then
 * have another part of it. Neither can be used after it.
 */
export function freeBuffer({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
