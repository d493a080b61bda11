import type { ReadDocumentEvent } from '#shared/api/documents.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, toApiError } from '../host/index.ts';
import type { Pace } from '../lib/pace.ts';
import { orpc, queryClient } from './client.ts';
import { nextOffset } from './next-offset.ts';
import { stoppingOf } from './stopping.ts';
import type { RepositoryRef } from './tags.ts';

const PAGE = 500;
const KEPT = { staleTime: Number.POSITIVE_INFINITY };

/** A blob of a manifest that may be a document: an SBOM, an attestation, a signature. */
export type DocumentRef = RepositoryRef & { readonly digest: Digest; readonly blob: Descriptor };

type DocumentInput = RepositoryRef & { readonly digest: Digest; readonly blob: Digest };
type Ready = Extract<ReadDocumentEvent, { readonly kind: 'ready' }>;

function inputOf({ registryId, repository, digest, blob }: DocumentRef): DocumentInput {
  return { registryId, repository, digest, blob: blob.digest };
}

function progressKey(input: DocumentInput) {
  return ['documents', 'progress', input] as const;
}

/** Reads a document, and tells beside it how far that is. @throws {ApiError} */
async function readDocument(input: DocumentInput, signal: AbortSignal): Promise<Ready> {
  const startedMs = performance.now();
  for await (const event of await api.documents.read(input, { signal })) {
    if (event.kind === 'ready') return event;
    const { readBytes: doneBytes, totalBytes } = event;
    const pace: Pace = { doneBytes, totalBytes, elapsedMs: performance.now() - startedMs };
    queryClient.setQueryData(progressKey(input), pace);
  }
  // The stream ends before its last message only when somebody stopped it.
  throw toApiError(signal.reason ?? new DOMException('stopped', 'AbortError'));
}

/** What a document says; the same for ever. */
export function useDocument(ref: DocumentRef) {
  const input = inputOf(ref);
  const queryKey = ['documents', 'read', input] as const;
  const query = useQuery({ queryKey, queryFn: ({ signal }) => readDocument(input, signal), ...KEPT });
  const progress = useQuery<Pace>({
    queryKey: progressKey(input),
    queryFn: () => Promise.reject(new Error('told by the stream')),
    enabled: false,
  });
  return {
    data: query.data,
    error: query.error,
    refetch: query.refetch,
    progress: query.isFetching ? progress.data : undefined,
    ...stoppingOf(query, queryKey),
  };
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
