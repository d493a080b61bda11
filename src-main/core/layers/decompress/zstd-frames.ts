import { DecompressError } from './decompressor.ts';

const FRAME_MAGIC = 0xfd_2f_b5_28;
const SKIPPABLE_MAGIC = 0x18_4d_2a_50;
const MAGIC_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/** Why a walk stopped: a frame is over, the bytes are used up, or what comes is no frame. */
export type FrameStop = 'frame-end' | 'needs-more' | 'no-frame';

/** True when the bytes begin a zstd frame, a skippable one included. */
export function isZstd(bytes: Buffer): boolean {
  if (bytes.length < MAGIC_BYTES) return false;
  const magic = bytes.readUInt32LE(0);
  return magic === FRAME_MAGIC || isSkippable(magic);
}

function isSkippable(magic: number): boolean {
  return (magic & 0xff_ff_ff_f0) >>> 0 === SKIPPABLE_MAGIC;
}

/**
 * Finds where zstd frames end without decompressing anything, since node:zlib stops at the end of one without a word.
 * Spec: RFC 8878, 3.1.
 */
export class ZstdFrames {
  /** Bytes to pass before the next header. */
  #left = 0;
  /** The frame is over after them. */
  #isLast = false;
  #isInFrame = false;
  #hasChecksum = false;

  /** True when the last frame is over and the next has not begun. */
  get isBetween(): boolean {
    return this.#left === 0 && !this.#isInFrame;
  }

  /**
   * Walks on from `start`. The bytes from the returned place on have to come again, with more behind them, unless they
   * are no frame. @throws {DecompressError} `bad-compression`
   */
  walk(bytes: Buffer, start: number): { readonly at: number; readonly stop: FrameStop } {
    let at = start;
    for (;;) {
      const passed = Math.min(this.#left, bytes.length - at);
      at += passed;
      this.#left -= passed;
      if (this.#left > 0) return { at, stop: 'needs-more' };
      if (this.#isLast) {
        this.#isLast = false;
        this.#isInFrame = false;
        return { at, stop: 'frame-end' };
      }
      const state = this.#isInFrame ? this.#readBlock(bytes, at) : this.#readFrame(bytes, at);
      if (state !== 'read') return { at, stop: state };
    }
  }

  #readFrame(bytes: Buffer, at: number): 'read' | 'needs-more' | 'no-frame' {
    if (bytes.length - at < MAGIC_BYTES) return 'needs-more';
    const magic = bytes.readUInt32LE(at);
    if (!isSkippable(magic) && magic !== FRAME_MAGIC) return 'no-frame';
    if (bytes.length - at < MAGIC_BYTES * 2) return 'needs-more';
    this.#isInFrame = true;
    if (isSkippable(magic)) {
      this.#left = MAGIC_BYTES * 2 + bytes.readUInt32LE(at + MAGIC_BYTES);
      this.#isLast = true;
    } else {
      const descriptor = bytes[at + MAGIC_BYTES] ?? 0;
      this.#hasChecksum = (descriptor & 0x04) !== 0;
      this.#left = MAGIC_BYTES + headerBytes(descriptor);
    }
    return 'read';
  }

  #readBlock(bytes: Buffer, at: number): 'read' | 'needs-more' {
    if (bytes.length - at < BLOCK_HEADER_BYTES) return 'needs-more';
    const header = bytes.readUIntLE(at, BLOCK_HEADER_BYTES);
    const type = (header >>> 1) & 3;
    if (type === RESERVED_BLOCK) throw new DecompressError('bad-compression', 'a zstd block of an unknown type');
    this.#isLast = (header & 1) === 1;
    this.#left = BLOCK_HEADER_BYTES + (type === RLE_BLOCK ? 1 : header >>> 3);
    if (this.#isLast && this.#hasChecksum) this.#left += CHECKSUM_BYTES;
    return 'read';
  }
}

/** From the descriptor on: descriptor, window, dictionary id, content size. */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >>> 6;
  const sizeBytes = sizeFlag === 0 ? Number(isSingleSegment) : 2 ** sizeFlag;
  return 1 + (isSingleSegment ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0) + sizeBytes;
}
