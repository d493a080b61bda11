import type { TarMember } from './member.ts';
import { readMembers, type TarEnd, type TarLimits } from './read-members.ts';
import type { Cursor, Step, Steps } from './steps.ts';
import { TarProblem } from './tar-problem.ts';

/** `hasMore`: bytes that are not zero stand behind the end. */
export type ScanEnd = TarEnd & { readonly hasMore: boolean };

/**
 * Reads the headers of a tar as its bytes come by, and passes over the content. Chunks may be cut anywhere; nothing of
 * a chunk is kept but the begin of what goes over its end.
 */
export class TarScanner {
  readonly #cursor: Cursor = { position: 0 };
  readonly #steps: Steps<TarEnd>;
  #step: Step | undefined;
  #end: TarEnd | undefined;
  #hasMore = false;
  /** How much of the step is done: bytes held, or passed over. */
  #done = 0;
  #held: Uint8Array | undefined;

  constructor(sink: (member: TarMember) => void, limits: TarLimits) {
    this.#steps = readMembers({ sink, limits, cursor: this.#cursor });
    this.#advance(undefined);
  }

  /** @throws {TarProblem} and cannot be used after it */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const step = this.#step;
      if (step === undefined) {
        this.#hasMore ||= hasContent(chunk.subarray(at));
        return;
      }
      at += step.kind === 'skip' ? this.#skip(step, chunk.length - at) : this.#read(step, chunk, at);
    }
  }

  /** @throws {TarProblem} `truncated` when the tar ends inside an entry or a header */
  end(): ScanEnd {
    if (this.#done > 0 || this.#step?.kind === 'skip')
      throw new TarProblem('truncated', 'the tar ends inside an entry');
    if (this.#step !== undefined) this.#advance(undefined);
    if (this.#end === undefined) throw new TarProblem('truncated', 'the tar ends inside a header');
    return { ...this.#end, hasMore: this.#hasMore };
  }

  #skip(step: Step, available: number): number {
    const taken = Math.min(step.bytes - this.#done, available);
    this.#done += taken;
    if (this.#done === step.bytes) this.#finish(step, undefined);
    return taken;
  }

  #read(step: Step, chunk: Uint8Array, at: number): number {
    const taken = Math.min(step.bytes - this.#done, chunk.length - at);
    if (taken === step.bytes) {
      this.#finish(step, chunk.subarray(at, at + taken));
      return taken;
    }
    const held = (this.#held ??= new Uint8Array(step.bytes));
    held.set(chunk.subarray(at, at + taken), this.#done);
    this.#done += taken;
    if (this.#done === step.bytes) {
      this.#held = undefined;
      this.#finish(step, held);
    }
    return taken;
  }

  #finish(step: Step, bytes: Uint8Array | undefined): void {
    this.#done = 0;
    this.#cursor.position += step.bytes;
    this.#advance(bytes);
  }

  #advance(bytes: Uint8Array | undefined): void {
    const result = this.#steps.next(bytes);
    this.#step = result.done === true ? undefined : result.value;
    if (result.done === true) this.#end = result.value;
  }
}

const ZEROS = Buffer.alloc(64 * 1024);

function hasContent(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const part = bytes.subarray(at, at + ZEROS.length);
    if (ZEROS.compare(part, 0, part.length, 0, part.length) !== 0) return true;
  }
  return false;
}
