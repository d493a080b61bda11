import type { ImageView } from '#shared/api/images.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { useQueries, useQuery, type QueryClient } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { inLane } from '../lib/call-lanes.ts';
import { orpc } from './client.ts';
import { TAG_STALE_MS, type RepositoryRef } from './tags.ts';

export type ImageRef = RepositoryRef & {
  readonly reference: string;
  /** The digest in whose list of referrers it was found: the engine warns when its subject is another. */
  readonly referrerOf?: string | undefined;
};

const FOR_EVER = { staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY };

type FetchContext = { readonly signal: AbortSignal; readonly client: QueryClient };

/** One manifest, resolved. A digest names the same bytes for ever; a tag is looked up again. */
export function imageQuery({ registryId, repository, reference, referrerOf }: ImageRef) {
  const input = {
    registryId,
    repository,
    reference,
    ...(referrerOf !== undefined && isDigest(referrerOf) ? { referrerOf } : {}),
  };
  const keep = isDigest(reference) ? FOR_EVER : { staleTime: TAG_STALE_MS };
  return {
    ...orpc.images.get.queryOptions({ input, ...keep }),
    queryFn: async ({ signal, client }: FetchContext): Promise<ImageView> => {
      const view = await inLane(registryId, signal, () => api.images.get(input, { signal }));
      // What a tag led to is kept under its digest too: the next look by digest costs nothing.
      const byDigest = orpc.images.get.queryOptions({ input: { registryId, repository, reference: view.digest } });
      if (reference !== view.digest) client.setQueryData(byDigest.queryKey, view);
      return view;
    },
  };
}

export function useImage(ref: ImageRef) {
  return useQuery(imageQuery(ref));
}

/** The same, only when there is something to ask for. */
export function useOptionalImage(ref: RepositoryRef, reference: string | undefined) {
  return useQuery({ ...imageQuery({ ...ref, reference: reference ?? 'none' }), enabled: reference !== undefined });
}

/** Several manifests of one repository, each with its own state. */
export function useImages(ref: RepositoryRef, digests: readonly string[]) {
  return useQueries({ queries: digests.map((reference) => imageQuery({ ...ref, reference })) });
}
