import type { ReadDocumentEvent } from '#shared/api/documents.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { bytesWait } from '../lib/pace.ts';
import { orpc } from './client.ts';
import { nextOffset } from './next-offset.ts';
import { stoppingOf } from './stopping.ts';
import type { RepositoryRef } from './tags.ts';
import { readTold, useTold } from './told.ts';

const PAGE = 500;
const KEPT = { staleTime: Number.POSITIVE_INFINITY };

/** A blob of a manifest that may be a document: an SBOM, an attestation, a signature. */
export type DocumentRef = RepositoryRef & { readonly digest: Digest; readonly blob: Descriptor };

type DocumentInput = RepositoryRef & { readonly digest: Digest; readonly blob: Digest };

function inputOf({ registryId, repository, digest, blob }: DocumentRef): DocumentInput {
  return { registryId, repository, digest, blob: blob.digest };
}

/** What a document says; the same for ever. */
export function useDocument(ref: DocumentRef) {
  const input = inputOf(ref);
  const queryKey = ['documents', 'read', input] as const;
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => readTold<ReadDocumentEvent>(queryKey, signal, () => api.documents.read(input, { signal })),
    ...KEPT,
  });
  const progress = bytesWait(useTold<ReadDocumentEvent>(queryKey));
  const { data, error, refetch } = query;
  return { data, error, refetch, progress, ...stoppingOf(query, queryKey) };
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
    ...KEPT,
  });
}
