import { appErrorSchema } from '#shared/api/app-error.ts';
import { TOKEN_HEADER, UPLOAD_ROUTE } from '#shared/api/file-routes.ts';
import { ApiError } from './api-error.ts';
import { loseSession, sessionToken } from './session.ts';

export type Upload = {
  /** From `archives.beginUpload`. */
  readonly archiveId: string;
  /** Inside the folder that is sent; for a single file its name. */
  readonly path: string;
  readonly file: Blob;
  readonly signal: AbortSignal;
  /** Bytes of this file that have left. */
  readonly onProgress: (sentBytes: number) => void;
};

/**
 * Sends one file to the engine as a stream: the browser reads it from the disk while it sends. Only where
 * `capabilities.localPaths` is false.
 * @throws {ApiError} what the engine refused it with; `cancelled` when `signal` is aborted
 */
export async function uploadFile(upload: Upload): Promise<void> {
  if (window.gantry !== undefined) throw new ApiError({ kind: 'unsupported', feature: 'host' });
  const token = await sessionToken();
  if (upload.signal.aborted) throw new ApiError({ kind: 'cancelled' });
  const outcome = await send(upload, token);
  if (outcome === 'aborted') throw new ApiError({ kind: 'cancelled' });
  if (outcome === 'broken') throw new ApiError({ kind: 'host-unreachable', reason: 'gone' });
  const failure = failureOf(outcome.status, outcome.text);
  if (failure !== undefined) throw failure;
}

type Outcome = { readonly status: number; readonly text: string } | 'aborted' | 'broken';

/** Not by fetch: that one does not tell how much has left. */
async function send({ archiveId, path, file, signal, onProgress }: Upload, token: string): Promise<Outcome> {
  const request = new XMLHttpRequest();
  const abort = () => request.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise<Outcome>((resolve) => {
      request.open('PUT', `${UPLOAD_ROUTE}${archiveId}?path=${encodeURIComponent(path)}`);
      request.setRequestHeader('content-type', 'application/octet-stream');
      request.setRequestHeader(TOKEN_HEADER, token);
      request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
      request.addEventListener('load', () => resolve({ status: request.status, text: request.responseText }));
      request.addEventListener('error', () => resolve('broken'));
      request.addEventListener('abort', () => resolve('aborted'));
      request.send(file);
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function failureOf(status: number, text: string): ApiError | undefined {
  if (status === 204) return undefined;
  if (status === 401) return loseSession();
  const told = status === 422 ? appErrorSchema.safeParse(parse(text)) : undefined;
  return new ApiError(told?.success === true ? told.data : { kind: 'host-unreachable', reason: 'gone' });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
