import type { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { RegistryError } from '../../transport/registry-error.ts';
import type { PushBlobCall } from '../../registry-client.ts';
import { HashTrail } from './hash-trail.ts';

export type UploadSourceOptions = {
  readonly descriptor: Pick<Descriptor, 'digest' | 'sizeBytes'>;
  readonly open: PushBlobCall['open'];
  /** Of the whole push. */
  readonly signal: AbortSignal;
  /** Waits until it is time to read on after the source broke off. @throws the failure when it is enough. */
  readonly waitToGoOn: (error: unknown) => Promise<void>;
  /** The source got on since it broke off. */
  readonly onReadOn: () => void;
  /** So much of the blob has been read and given out. */
  readonly onGiven: (bytes: number) => void;
};

const PROGRESS_BYTES = 1024 * 1024;

type Reader = { readonly stream: Readable; readonly pieces: AsyncIterator<unknown>; isBusy: boolean };

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
  #rest: Buffer | undefined;
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
    for await (const _piece of this.part(sizeBytes, sizeBytes)) {
      // There is none.
    }
  }

  /** The bytes from `start` up to, not including, `end`; one part at a time, the newest counts. */
  async *part(start: number, end: number): AsyncGenerator<Uint8Array> {
    const turn = Symbol('turn');
    this.#turn = turn;
    this.#hasGivenAll = false;
    const { sizeBytes } = this.#options.descriptor;
    try {
      this.#seek(start);
      if (this.#trail.position === start) this.#trail.mark();
      while (this.#trail.position < end) {
        const from = this.#trail.position;
        const piece = await this.#read(turn, end - from);
        this.#trail.update(piece);
        this.#noteProgress();
        if (this.#trail.position === sizeBytes) await this.#judge(turn);
        if (this.#trail.position <= start) continue;
        this.#options.onGiven(this.#trail.position);
        this.#hasGivenAll = this.#trail.position === sizeBytes;
        yield from < start ? piece.subarray(start - from) : piece;
      }
      if (end < sizeBytes) return;
      await this.#judge(turn);
      this.#hasGivenAll = true;
    } catch (error) {
      if (this.#turn === turn) this.#failure = error;
      throw error;
    }
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
    this.#reader?.stream.destroy();
    this.#reader = undefined;
    this.#rest = undefined;
  }

  /** At most `most` bytes, and at least one. */
  async #read(turn: symbol, most: number): Promise<Buffer> {
    for (;;) {
      const rest = this.#rest ?? (await this.#nextOrWait(turn));
      if (rest === undefined) continue;
      this.#rest = rest.length > most ? rest.subarray(most) : undefined;
      return rest.subarray(0, most);
    }
  }

  /** Undefined after the source broke off and it is time to read on. */
  async #nextOrWait(turn: symbol): Promise<Buffer | undefined> {
    try {
      const piece = await this.#next(turn);
      if (piece !== undefined) return piece;
      throw this.#truncated();
    } catch (error) {
      if (this.#turn !== turn) throw error;
      this.#drop();
      this.#brokenAt = this.#trail.position;
      await this.#options.waitToGoOn(error);
      return undefined;
    }
  }

  /** Undefined at the end. */
  async #next(turn: symbol): Promise<Buffer | undefined> {
    const reader = this.#reader ?? (await this.#openReader(turn));
    this.#reader = reader;
    reader.isBusy = true;
    for (;;) {
      const next = await reader.pieces.next();
      this.#checkTurn(turn);
      const piece: unknown = next.done === true ? undefined : next.value;
      if (piece instanceof Uint8Array && piece.length === 0) continue;
      reader.isBusy = false;
      return piece instanceof Uint8Array ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : undefined;
    }
  }

  /** Whoever reads by now has a stream of their own. */
  #checkTurn(turn: symbol): void {
    if (this.#turn !== turn) throw new Error('somebody else reads');
  }

  async #openReader(turn: symbol): Promise<Reader> {
    const early = this.#trail.position === 0 ? this.#early : undefined;
    this.#early = undefined;
    const stream = await (early ?? this.#options.open(this.#trail.position, this.#options.signal));
    stream.on('error', () => undefined);
    if (this.#turn !== turn) stream.destroy();
    this.#checkTurn(turn);
    return { stream, pieces: stream[Symbol.asyncIterator](), isBusy: false };
  }

  /** @throws {RegistryError} `protocol{bad-size}`, `digest-mismatch` */
  async #judge(turn: symbol): Promise<void> {
    if (this.#isVerified) return;
    const { digest, sizeBytes } = this.#options.descriptor;
    if (this.#rest !== undefined || (await this.#hasMore(turn))) {
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
      return (await this.#next(turn)) !== undefined;
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
