import type { AppError } from '#shared/api/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { useEffect, useState } from 'react';
import { api } from '../host/index.ts';
import { appErrorOf } from './app-error.ts';
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

/** Streams answers into `setState`, at most every FLUSH_MS; ends with how the stream ended. */
async function showAnswers(
  ref: RepositoryRef,
  tags: readonly string[],
  signal: AbortSignal,
  setState: (state: ResolvedTags) => void,
): Promise<void> {
  const byTag = new Map<string, ResolvedTag>();
  const show = (rest: Omit<ResolvedTags, 'byTag'>) => {
    if (!signal.aborted) setState({ byTag: new Map(byTag), ...rest });
  };
  show({ running: true });
  const timer = setInterval(() => {
    show({ running: true });
  }, FLUSH_MS);
  try {
    await resolveAll(ref, tags, signal, (tag, answer) => byTag.set(tag, answer));
    show({ running: false });
  } catch (error) {
    show({ running: false, error: appErrorOf(error) });
  } finally {
    clearInterval(timer);
  }
}

/**
 * The digest of every tag, as the answers arrive, while `tags` is given; `again` asks for all of them anew.
 * The stream is stopped when nobody looks any more.
 */
export function useResolvedTags({ registryId, repository }: RepositoryRef, tags: readonly string[] | undefined) {
  const [state, setState] = useState(NOTHING);
  const [asked, setAsked] = useState({ of: tags, list: tags });
  const list = asked.of === tags ? asked.list : tags;
  useEffect(() => {
    if (list === undefined) return undefined;
    const controller = new AbortController();
    void showAnswers({ registryId, repository }, list, controller.signal, setState);
    return () => {
      controller.abort();
    };
  }, [registryId, repository, list]);
  const again = () => {
    setAsked({ of: tags, list: tags === undefined ? undefined : [...tags] });
  };
  return { ...(tags === undefined ? NOTHING : state), again };
}
