import { Readable } from 'node:stream';
import { startDeadline } from './deadline.ts';
import type { HttpRequest, StreamedBody } from './http.ts';
import { type SendingWatch, watchSending } from './sending-watch.ts';
import type { Timeouts } from './timeouts.ts';

/** One request on its way: its body, and the signal that ends it when something takes too long. */
export type Sending = {
  readonly signal: AbortSignal;
  readonly body: string | Uint8Array | Readable | undefined;
  /** Nothing is timed from now on. */
  answered(): void;
  /** The request is over: the source of its body is let go. */
  end(): void;
  /** What the source of the body failed with, when it was the source. */
  sourceFailure(): BodySourceError | undefined;
};

/** The bytes that were to be sent could not be read: no fault of whom they were sent to. `cause` is what was thrown. */
export class BodySourceError extends Error {
  override readonly name = 'BodySourceError';
}

/** True for a body that is read while it is sent. */
export function isStreamed(body: HttpRequest['body']): body is StreamedBody {
  return typeof body === 'object' && !(body instanceof Uint8Array) && 'read' in body;
}

/** The length that is announced; undici finds out that of other bodies. */
export function lengthHeader(body: HttpRequest['body']): { readonly 'content-length'?: string } {
  return isStreamed(body) ? { 'content-length': String(body.sizeBytes) } : {};
}

/** Begins to send. A request without a stream has one deadline for everything up to the last header byte. */
export function startSending({ body, signal, commits = false }: HttpRequest, timeouts: Timeouts): Sending {
  if (isStreamed(body)) return startStream(body, signal, timeouts);
  const answerMs = commits ? timeouts.commitMs : timeouts.headersMs;
  const deadline = startDeadline(timeouts.connectMs + answerMs, signal);
  const stop = () => deadline.stop();
  return { signal: deadline.signal, body, answered: stop, end: stop, sourceFailure: () => undefined };
}

/** With so much ready for the receiver nothing more is read for it. */
const BUFFER_BYTES = 64 * 1024;

type Batch = readonly Uint8Array[];
type Source = {
  readonly pieces: AsyncIterator<Batch>;
  readonly watch: SendingWatch;
  isOver: boolean;
  failure: BodySourceError | undefined;
};

function startStream(streamed: StreamedBody, given: AbortSignal | undefined, timeouts: Timeouts): Sending {
  const tooSlow = new AbortController();
  const watch = watchSending(timeouts, (error) => tooSlow.abort(error));
  const source: Source = { pieces: streamed.read()[Symbol.asyncIterator](), watch, isOver: false, failure: undefined };
  const body = createBody(source);
  // undici tells of it where somebody listens.
  body.on('error', () => undefined);
  return {
    body,
    signal: given === undefined ? tooSlow.signal : AbortSignal.any([given, tooSlow.signal]),
    answered: () => watch.stop(),
    end: () => {
      watch.stop();
      body.destroy();
      if (!source.isOver) void letGo(source);
    },
    sourceFailure: () => source.failure,
  };
}

/** Whoever waits for the next piece no longer does; what their source says about that is nobody's business. */
async function letGo(source: Source): Promise<void> {
  source.isOver = true;
  try {
    await source.pieces.return?.();
  } catch {
    // It was given up.
  }
}

/** The source's bytes, timed; notes when it is the source that fails. */
function createBody(source: Source): Readable {
  const { watch } = source;
  let isConnected = false;
  let offeredBytes: number | undefined;
  const pushNext = async (body: Readable): Promise<void> => {
    if (!isConnected) watch.connected();
    isConnected = true;
    if (offeredBytes !== undefined) watch.taken(offeredBytes);
    offeredBytes = undefined;
    const next = await nextOf(source);
    if (body.destroyed) return;
    if (next.done === true) {
      watch.sent();
      body.push(null);
      return;
    }
    watch.offered();
    offeredBytes = next.value.reduce((sum, { length }) => sum + length, 0);
    for (const piece of next.value) body.push(piece);
  };
  return new Readable({
    highWaterMark: BUFFER_BYTES,
    read() {
      pushNext(this).catch((error: Error) => this.destroy(error));
    },
  });
}

async function nextOf(source: Source): Promise<IteratorResult<Batch>> {
  try {
    return await source.pieces.next();
  } catch (cause) {
    if (!source.isOver) source.failure = new BodySourceError('the body could not be read', { cause });
    throw cause;
  }
}
