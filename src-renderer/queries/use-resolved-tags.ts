import type { AppError } from '#shared/api/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { useEffect, useState } from 'react';
import { api, toApiError } from '../host/index.ts';
import type { RepositoryRef } from './tags.ts';

export type ResolvedTag = { readonly digest: Digest } | { readonly error: AppError };

export type ResolvedTags = {
  readonly byTag: ReadonlyMap<string, ResolvedTag>;
  readonly running: boolean;
  /** The stream itself broke; tags may be missing. */
  readonly error?: AppError | undefined;
};

const CHUNK = 1000;
/** The page is drawn anew at most this often while answers stream in. */
const FLUSH_MS = 120;
const NOTHING: ResolvedTags = { byTag: new Map(), running: false };

async function resolveAll(
  ref: RepositoryRef,
  tags: readonly string[],
  signal: AbortSignal,
  onAnswer: (tag: string, answer: ResolvedTag) => void,
): Promise<void> {
  for (let start = 0; start < tags.length; start += CHUNK) {
    const input = { ...ref, tags: tags.slice(start, start + CHUNK) };
    for await (const answer of await api.tags.resolve(input, { signal })) {
      onAnswer(answer.tag, 'digest' in answer ? { digest: answer.digest } : { error: answer.error });
    }
  }
}

/**
 * The digest of every tag, as the answers arrive, while `tags` is given. A new `attempt` asks again for all of them.
 * The stream is stopped when nobody looks any more.
 */
export function useResolvedTags(
  { registryId, repository }: RepositoryRef,
  tags: readonly string[] | undefined,
  attempt: number,
): ResolvedTags {
  const [state, setState] = useState(NOTHING);
  useEffect(() => {
    if (tags === undefined) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const byTag = new Map<string, ResolvedTag>();
    const show = (rest: Omit<ResolvedTags, 'byTag'>) => {
      if (!signal.aborted) setState({ byTag: new Map(byTag), ...rest });
    };
    const timer = setInterval(() => {
      show({ running: true });
    }, FLUSH_MS);
    const finish = (rest: Omit<ResolvedTags, 'byTag'>) => {
      clearInterval(timer);
      show(rest);
    };
    show({ running: true });
    resolveAll({ registryId, repository }, tags, signal, (tag, answer) => byTag.set(tag, answer)).then(
      () => {
        finish({ running: false });
      },
      (error: unknown) => {
        finish({ running: false, error: toApiError(error).appError });
      },
    );
    return () => {
      clearInterval(timer);
      controller.abort();
    };
  }, [registryId, repository, tags, attempt]);
  return tags === undefined ? NOTHING : state;
}
