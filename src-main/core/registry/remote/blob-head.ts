import type { Digest } from '#shared/oci/digest.ts';
import { pullScope, pushScope } from '../auth/scopes.ts';
import type { BlobHead } from '../registry-client.ts';
import { discard } from '../transport/body.ts';
import { contentLength } from '../transport/headers.ts';
import { ask, checkedRepository, type RemoteContext, statusError } from './context.ts';

export type HeadBlobCall = {
  readonly repository: string;
  readonly digest: Digest;
  readonly forPush?: boolean;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Whether a blob is there; undefined when it is not, nor its repository. Registries send this on to their storage
 * (gitlab.com), which gets no credential.
 * Spec: OCI Distribution 1.1, "Checking if content exists in the registry".
 * @throws {RegistryError} for every other answer, which leaves the question open: `forbidden`, `registry{405}`
 */
export async function headBlob(context: RemoteContext, call: HeadBlobCall): Promise<BlobHead | undefined> {
  const repository = checkedRepository(call.repository);
  const response = await ask(context, {
    method: 'HEAD',
    path: `/v2/${repository}/blobs/${call.digest}`,
    scopes: [call.forPush === true ? pushScope(repository) : pullScope(repository)],
    accept: '*/*',
    what: 'blob',
    signal: call.signal,
  });
  if (response.status !== 200 && response.status !== 404) throw await statusError(context, response, 'blob');
  discard(response.body);
  if (response.status === 404) return undefined;
  const sizeBytes = contentLength(response.headers);
  return sizeBytes === undefined ? {} : { sizeBytes };
}
