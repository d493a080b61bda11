import { isDigest } from '#shared/oci/digest.ts';
import { useQueries } from '@tanstack/react-query';
import { knownPlatforms, type CopySource } from '../../lib/copy-sources.ts';
import { tagSummaryQuery } from '../../queries/tags.ts';

/** So many tags are asked for their platforms; more would only say the same again. */
const ASKED = 8;

/** The platforms that are among the sources, as far as a few of them tell. */
export function useSourcePlatforms(sources: readonly CopySource[]): readonly string[] {
  const unknown = sources
    .flatMap((source) => (source.kind === 'image' && source.platforms === undefined ? [source] : []))
    .filter(({ reference }) => !isDigest(reference))
    .slice(0, ASKED);
  const summaries = useQueries({ queries: unknown.map((source) => tagSummaryQuery(source, source.reference)) });
  return [...new Set([...knownPlatforms(sources), ...summaries.flatMap(({ data }) => data?.platforms ?? [])])];
}
