import { createHash, type Hash } from 'node:crypto';
import { type Digest, digestAlgorithm } from '#shared/oci/digest.ts';

/** A state of the hash is kept for each so many bytes: some hundred bytes of memory for so many not read twice. */
const STEP_BYTES = 16 * 1024 * 1024;

type Mark = { readonly position: number; readonly hash: Hash };

/**
 * The hash of a blob that is read from its beginning, which can go back: a registry may have lost what was sent last,
 * and to hash that again must not mean to read the blob again.
 */
export class HashTrail {
  readonly #algorithm: 'sha256' | 'sha512';
  #marks: Mark[];
  #hash: Hash;
  #position = 0;

  constructor(digest: Digest) {
    this.#algorithm = digestAlgorithm(digest);
    this.#hash = createHash(this.#algorithm);
    this.#marks = [{ position: 0, hash: this.#hash.copy() }];
  }

  /** Bytes hashed so far. */
  get position(): number {
    return this.#position;
  }

  update(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.#position += piece.length;
    if (this.#position - this.#lastMark() >= STEP_BYTES) this.mark();
  }

  /** Keeps the state of now, to which one will probably go back. */
  mark(): void {
    if (this.#marks.length > 0 && this.#lastMark() === this.#position) return;
    this.#marks.push({ position: this.#position, hash: this.#hash.copy() });
  }

  #lastMark(): number {
    return this.#marks.at(-1)?.position ?? 0;
  }

  /** Goes back to the last state kept at or before `position`; `this.position` says where that is. */
  rewind(position: number): void {
    const kept = this.#marks.filter((mark) => mark.position <= position);
    const last = kept.at(-1);
    this.#marks = kept;
    this.#hash = last?.hash.copy() ?? createHash(this.#algorithm);
    this.#position = last?.position ?? 0;
  }

  /** Of what was hashed so far. */
  digest(): string {
    return `${this.#algorithm}:${this.#hash.copy().digest('hex')}`;
  }
}
