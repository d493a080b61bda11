import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { orpc } from './client.ts';
import { nextOffset } from './next-offset.ts';
import type { RepositoryRef } from './tags.ts';

const PAGE = 500;

/** A blob of a manifest that may be a document: an SBOM, an attestation, a signature. */
export type DocumentRef = RepositoryRef & { readonly digest: Digest; readonly blob: Descriptor };

function inputOf({ registryId, repository, digest, blob }: DocumentRef) {
  return { registryId, repository, digest, blob: blob.digest };
}

/** What a document says; the same for ever. */
export function useDocument(ref: DocumentRef) {
  return useQuery(orpc.documents.read.queryOptions({ input: inputOf(ref), staleTime: Number.POSITIVE_INFINITY }));
}

/** The packages an SBOM names, a few hundred at a time. */
export function useSbomPackages(ref: DocumentRef, query: string) {
  const input = { ...inputOf(ref), query, limit: PAGE };
  return useInfiniteQuery({
    queryKey: orpc.documents.packages.queryKey({ input }),
    queryFn: ({ signal, pageParam }) => api.documents.packages({ ...input, offset: pageParam }, { signal }),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
