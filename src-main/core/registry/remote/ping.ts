import { readStart } from '../transport/body.ts';
import { mediaTypeOf } from '../transport/headers.ts';
import type { HttpResponse } from '../transport/http.ts';
import { LIMITS } from '../transport/limits.ts';
import { RegistryError } from '../transport/registry-error.ts';
import { askOk, type RemoteContext } from './context.ts';

/**
 * GET /v2/: resolves when the registry speaks the protocol and takes our credential, or needs none.
 * Spec: OCI Distribution 1.1, "Determining Support".
 * @throws {RegistryError}; a web page in place of a registry is `protocol{html}`
 */
export async function ping(context: RemoteContext, signal?: AbortSignal): Promise<void> {
  await refuseWebPage(await askOk(context, { method: 'GET', path: '/v2/', scopes: [], what: 'registry', signal }));
}

/**
 * Reads the rest of a 200 to GET /v2/. The type alone proves nothing: Quay says `true` and calls it text/html.
 * @throws {RegistryError} `protocol{html}` for a web page
 */
export async function refuseWebPage(response: HttpResponse): Promise<void> {
  const start = await readStart(response.body, LIMITS.errorBytes);
  if (mediaTypeOf(response.headers) !== 'text/html' || !start.toString('utf8').trimStart().startsWith('<')) return;
  const detail = 'the answer to /v2/ is a web page: this may be a website or a login page, not a registry';
  throw new RegistryError({ kind: 'protocol', reason: 'html', detail }, response.trace);
}
