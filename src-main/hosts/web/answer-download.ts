import { pipeline } from 'node:stream/promises';
import { DOWNLOAD_ROUTE } from '#shared/api/file-routes.ts';
import type { PageFiles } from '../../api/create-backend.ts';
import { contentDisposition } from './content-disposition.ts';
import { type Exchange, refuse } from './exchange.ts';
import { refuseOtherSite } from './guard.ts';

/** A browser that has stopped taking bytes for so long has forgotten us. */
const IDLE_MS = 5 * 60_000;

/**
 * Sends a file that a link stands for, from its first byte to its last, and never as anything but a file to be saved.
 * The link is its own secret: good once, for a minute, so that it may stand in a list of downloads.
 */
export async function answerDownload(exchange: Exchange, files: PageFiles): Promise<void> {
  const { request, response } = exchange;
  const refusal = refuseOtherSite(request);
  if (refusal !== undefined) return refuse(exchange, refusal);
  const [pathname = ''] = request.url?.split('?') ?? [];
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const download = await files.takeDownload(pathname.slice(DOWNLOAD_ROUTE.length), gone.signal);
  if (download === undefined) return refuse(exchange, { status: 404, reason: 'The link is used up or too old.' });
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-disposition': contentDisposition(download.fileName),
    'content-length': download.sizeBytes,
    'accept-ranges': 'none',
    'cache-control': 'no-store',
  });
  response.setTimeout(IDLE_MS, () => response.destroy());
  await pipeline(download.stream, response).catch((error: unknown) => {
    // The person has stopped it, which is no failure.
    if (!gone.signal.aborted) throw error;
  });
}
