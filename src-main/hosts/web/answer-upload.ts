import type { IncomingMessage } from 'node:http';
import { archiveIdSchema } from '#shared/api/archives.ts';
import { UPLOAD_ROUTE } from '#shared/api/file-routes.ts';
import type { PageFiles } from '../../api/create-backend.ts';
import { type Exchange, refuse } from './exchange.ts';
import { FILE, refuseForgery, refuseStranger } from './guard.ts';
import type { Sessions } from './session.ts';

type Options = {
  readonly files: PageFiles;
  readonly sessions: Sessions;
  /** A page that sends nothing for so long is gone, or means harm. */
  readonly silenceMs: number;
};

/** What is still sent after a refusal is read away, so that the page hears why; but not for ever. */
const DRAIN_MS = 60_000;

/**
 * Takes one file of an upload as it comes, no faster than the disk takes it. How much may come was said by
 * `archives.beginUpload` and is checked by the engine, byte by byte.
 */
export async function answerUpload(exchange: Exchange, { files, sessions, silenceMs }: Options): Promise<void> {
  const { request, response } = exchange;
  const refusal = refuseForgery(request, FILE) ?? refuseStranger(request, (token) => sessions.accepts(token));
  if (refusal !== undefined) return refuse(exchange, refusal);
  const target = targetOf(request);
  if (target === undefined) return refuse(exchange, { status: 404, reason: 'There is no such upload.' });
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const error = await files.receive(
    target,
    untilSilence(request, silenceMs, () => gone.abort()),
    gone.signal,
  );
  if (gone.signal.aborted) return;
  response.setHeader('cache-control', 'no-store');
  if (error === undefined) {
    response.writeHead(204).end();
    return;
  }
  await drain(request);
  const body = JSON.stringify(error);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  response.writeHead(422, { ...headers, connection: 'close' }).end(body);
}

function targetOf({ url = '' }: IncomingMessage): { readonly archiveId: string; readonly path: string } | undefined {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const archiveId = archiveIdSchema.safeParse(pathname.slice(UPLOAD_ROUTE.length));
  const [path, ...others] = searchParams.getAll('path');
  if (!archiveId.success || path === undefined || others.length > 0) return undefined;
  return { archiveId: archiveId.data, path };
}

/** The body, chunk by chunk. Time counts only while we wait for the page, not while it waits for us. */
async function* untilSilence(
  request: IncomingMessage,
  silenceMs: number,
  onBroken: () => void,
): AsyncGenerator<Buffer> {
  const chunks = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const next = await withinSilence(request, silenceMs, () => chunks.next());
      if (next.done === true) return;
      if (Buffer.isBuffer(next.value)) yield next.value;
    }
  } catch (error) {
    // A page that has gone is no failure of ours.
    onBroken();
    throw error;
  } finally {
    // Lets go of the request, so that what is left of it can be read away.
    await chunks.return?.();
  }
}

async function withinSilence<T>(request: IncomingMessage, silenceMs: number, wait: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => request.destroy(new Error('the page sends nothing')), silenceMs);
  try {
    return await wait();
  } finally {
    clearTimeout(timer);
  }
}

/** A browser reads no answer before it has sent all. */
async function drain(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return;
  const timer = setTimeout(() => request.destroy(), DRAIN_MS);
  await new Promise<void>((resolve) => {
    request
      .once('end', resolve)
      .once('close', resolve)
      .once('error', () => resolve());
    request.resume();
  });
  clearTimeout(timer);
}
