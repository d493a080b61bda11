import type { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { RegistryError } from '../../transport/registry-error.ts';
import type { PushBlobCall } from '../../registry-client.ts';
import { HashTrail } from './hash-trail.ts';
import { PieceReader } from './piece-reader.ts';

export type UploadSourceOptions = {
  readonly descriptor: Pick<Descriptor, 'digest' | 'sizeBytes'>;
  readonly open: PushBlobCall['open'];
  /** Of the whole push. */
  readonly signal: AbortSignal;
  /** Waits until it is time to read on after the source broke off. @throws the failure when it is enough. */
  readonly waitToGoOn: (error: unknown) => Promise<void>;
  /** The source got on since it broke off. */
  readonly onReadOn: () => void;
  /** As `PushBlobCall.pass`. */
  readonly pass?: PushBlobCall['pass'];
  /** So much of the blob has been read and given out. */
  readonly onGiven: (bytes: number) => void;
};

const PROGRESS_BYTES = 1024 * 1024;

type Reader = { readonly pieces: PieceReader; isBusy: boolean };

/**
 * The bytes of a blob on their way to a registry, in one part or many, over as many streams as it takes, hashed as they
 * go by. The piece with the last byte is given out only after size and digest have been found right, so that a request
 * whose bytes are wrong is never complete. SECURITY-CASES B01, B02, FI05.
 */
export class UploadSource {
  readonly #options: UploadSourceOptions;
  #trail: HashTrail;
  #reader: Reader | undefined;
  #early: Promise<Readable> | undefined;
  /** Read, and still to be paced. */
  #taken: readonly Buffer[] = [];
  /** To be given out. */
  #ready: readonly Buffer[] = [];
  /** Whoever reads now; an earlier one that is still at it has been given up. */
  #turn: symbol = Symbol('nobody');
  #failure: unknown;
  #brokenAt: number | undefined;
  #isVerified = false;
  #hasGivenAll = false;

  constructor(options: UploadSourceOptions) {
    this.#options = options;
    this.#trail = new HashTrail(options.descriptor.digest);
  }

  /** Opens the stream that will be read first while there is something else to wait for: one round trip less. */
  openEarly(): void {
    const isFirst = this.#early === undefined && this.#reader === undefined && this.#trail.position === 0;
    if (!isFirst || this.#options.descriptor.sizeBytes === 0) return;
    this.#early = this.#options.open(0, this.#options.signal);
    // It is told to whoever reads.
    this.#early.catch(() => undefined);
  }

  /** True for what reading the source, or judging its bytes, has failed with. */
  isFailure(error: unknown): boolean {
    return error !== undefined && this.#failure === error;
  }

  /** The part that was asked for last has been given out, and with it the last byte. */
  get hasGivenAll(): boolean {
    return this.#hasGivenAll;
  }

  /** Nothing that was read counts: the next part is read and hashed from the first byte on. */
  readAnew(): void {
    this.close();
    this.#trail = new HashTrail(this.#options.descriptor.digest);
    this.#isVerified = false;
    this.#failure = undefined;
  }

  /** Lets go of the stream that is read. */
  close(): void {
    this.#turn = Symbol('nobody');
    this.#drop();
    const early = this.#early;
    this.#early = undefined;
    early?.then(
      (stream) => stream.on('error', () => undefined).destroy(),
      () => undefined,
    );
  }

  /** Reads on to the end without giving anything out. @throws what is wrong with the bytes */
  async verify(): Promise<void> {
    const { sizeBytes } = this.#options.descriptor;
    for await (const _pieces of this.part(sizeBytes, sizeBytes)) {
      // There is none.
    }
  }

  /** The bytes from `start` up to, not including, `end`, so many pieces as lie ready at a time; the newest part counts. */
  async *part(start: number, end: number): AsyncGenerator<readonly Uint8Array[]> {
    const turn = Symbol('turn');
    this.#turn = turn;
    this.#hasGivenAll = false;
    const { sizeBytes } = this.#options.descriptor;
    try {
      this.#seek(start);
      if (this.#trail.position === start) this.#trail.mark();
      while (this.#trail.position < end) {
        if (this.#ready.length === 0 && !(await this.#readMore(turn))) continue;
        const pieces = this.#hashReady(start, end);
        this.#noteProgress();
        if (this.#trail.position === sizeBytes) await this.#judge(turn);
        if (pieces.length === 0) continue;
        const given = this.#trail.position;
        this.#hasGivenAll = given === sizeBytes;
        yield pieces;
        this.#options.onGiven(given);
      }
      if (end < sizeBytes) return;
      await this.#judge(turn);
      this.#hasGivenAll = true;
    } catch (error) {
      if (this.#turn === turn) this.#failure = error;
      throw error;
    }
  }

  /** Hashes what lies ready, up to `end`; gives back what comes after `start`. */
  #hashReady(start: number, end: number): readonly Uint8Array[] {
    const given: Uint8Array[] = [];
    const rest: Buffer[] = [];
    for (const ready of this.#ready) {
      const from = this.#trail.position;
      const piece = ready.subarray(0, end - from);
      if (piece.length < ready.length) rest.push(ready.subarray(piece.length));
      if (piece.length === 0) continue;
      this.#trail.update(piece);
      if (this.#trail.position > start) given.push(from < start ? piece.subarray(start - from) : piece);
    }
    this.#ready = rest;
    return given;
  }

  /** Whoever breaks off after each megabyte may do so as often as they like. */
  #noteProgress(): void {
    if (this.#brokenAt === undefined || this.#trail.position - this.#brokenAt < PROGRESS_BYTES) return;
    this.#brokenAt = undefined;
    this.#options.onReadOn();
  }

  /** Goes back where that is needed; forward only by reading, since all is hashed. */
  #seek(start: number): void {
    const isBehind = this.#trail.position > start;
    if (isBehind) this.#trail.rewind(start);
    if (isBehind || this.#reader?.isBusy === true) this.#drop();
    if (isBehind) this.#isVerified = false;
  }

  #drop(): void {
    this.#reader?.pieces.destroy();
    this.#reader = undefined;
    this.#taken = [];
    this.#ready = [];
  }

  /** False after the source broke off and it is time to read on. */
  async #readMore(turn: symbol): Promise<boolean> {
    try {
      if (await this.#next(turn)) return true;
      throw this.#truncated();
    } catch (error) {
      if (this.#turn !== turn) throw error;
      this.#drop();
      this.#brokenAt = this.#trail.position;
      await this.#options.waitToGoOn(error);
      return false;
    }
  }

  /** Makes something ready, at the pace that is wanted; false at the end. */
  async #next(turn: symbol): Promise<boolean> {
    if (this.#taken.length === 0) {
      const reader = this.#reader ?? (await this.#openReader(turn));
      this.#reader = reader;
      reader.isBusy = true;
      const taken = await reader.pieces.take();
      this.#checkTurn(turn);
      reader.isBusy = false;
      if (taken === undefined) return false;
      this.#taken = taken;
    }
    await this.#pass(turn);
    return true;
  }

  /** Piece by piece where somebody holds them back, all at once where nobody does. */
  async #pass(turn: symbol): Promise<void> {
    const { pass, signal } = this.#options;
    const taken = this.#taken;
    let count = 0;
    let wait: Promise<void> | undefined;
    while (count < taken.length && wait === undefined) {
      wait = pass?.(taken[count]?.length ?? 0, signal);
      count += 1;
    }
    this.#ready = taken.slice(0, count);
    this.#taken = taken.slice(count);
    if (wait === undefined) return;
    await wait;
    this.#checkTurn(turn);
  }

  /** Whoever reads by now has a stream of their own. */
  #checkTurn(turn: symbol): void {
    if (this.#turn !== turn) throw new Error('somebody else reads');
  }

  async #openReader(turn: symbol): Promise<Reader> {
    const early = this.#trail.position === 0 ? this.#early : undefined;
    this.#early = undefined;
    const stream = await (early ?? this.#options.open(this.#trail.position, this.#options.signal));
    if (this.#turn !== turn) stream.on('error', () => undefined).destroy();
    this.#checkTurn(turn);
    return { pieces: new PieceReader(stream), isBusy: false };
  }

  /** @throws {RegistryError} `protocol{bad-size}`, `digest-mismatch` */
  async #judge(turn: symbol): Promise<void> {
    if (this.#isVerified) return;
    const { digest, sizeBytes } = this.#options.descriptor;
    if (this.#ready.length > 0 || (await this.#hasMore(turn))) {
      const detail = `more than the ${sizeBytes} bytes its descriptor promises`;
      throw new RegistryError({ kind: 'protocol', reason: 'bad-size', detail });
    }
    const actual = this.#trail.digest();
    if (actual !== digest) throw new RegistryError({ kind: 'digest-mismatch', expected: digest, actual });
    this.#isVerified = true;
  }

  /** What goes wrong behind the last byte is no matter, if only the bytes are right. */
  async #hasMore(turn: symbol): Promise<boolean> {
    if (this.#reader === undefined) return false;
    try {
      return await this.#next(turn);
    } catch (error) {
      if (this.#turn !== turn) throw error;
      this.#drop();
      return false;
    }
  }

  #truncated(): RegistryError {
    const detail = `the source ended after ${this.#trail.position} of ${this.#options.descriptor.sizeBytes} bytes`;
    return new RegistryError({ kind: 'network', reason: 'truncated', host: '', detail });
  }
}
