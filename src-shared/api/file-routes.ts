/**
 * Where a page sends the files of an upload, where its host says `localPaths: false`: `PUT /upload/<archiveId>?path=…`
 * with the bytes as `application/octet-stream` and the token of the session. `path` is that inside the folder, or the
 * file's own name. Answers 204, or 422 with an `AppError` as JSON.
 */
export const UPLOAD_ROUTE = '/upload/';

/** Where a page fetches a finished pull: `GET /download/<token>`, with the token that `transfers.downloadLink` gave. */
export const DOWNLOAD_ROUTE = '/download/';

/** The header that carries the token of a page's session. */
export const TOKEN_HEADER = 'x-gantry-token';
