import { discard } from '../transport/body.ts';
import { mediaTypeOf } from '../transport/headers.ts';
import { RegistryError } from '../transport/registry-error.ts';
import { askOk, type RemoteContext } from './context.ts';

/**
 * GET /v2/: resolves when the registry speaks the protocol and takes our credential, or needs none.
 * Spec: OCI Distribution 1.1, "Determining Support".
 * @throws {RegistryError}; a web page in place of a registry is `protocol{html}`
 */
export async function ping(context: RemoteContext, signal?: AbortSignal): Promise<void> {
  const response = await askOk(context, { method: 'GET', path: '/v2/', scopes: [], what: 'registry', signal });
  discard(response.body);
  if (mediaTypeOf(response.headers) === 'text/html') {
    const detail = 'the answer to /v2/ is a web page: this may be a website or a login page, not a registry';
    throw new RegistryError({ kind: 'protocol', reason: 'html', detail }, response.trace);
  }
}
