export type TagFilter =
  | { readonly kind: 'all' }
  | { readonly kind: 'text'; readonly needle: string }
  | { readonly kind: 'pattern'; readonly pattern: RegExp }
  | { readonly kind: 'digest'; readonly prefix: string }
  | { readonly kind: 'invalid'; readonly reason: string };

const DIGEST_PREFIX = /^sha(?:256|512):[0-9a-f]*$/;

function parsePattern(source: string): TagFilter {
  try {
    return { kind: 'pattern', pattern: new RegExp(source, 'i') };
  } catch (error) {
    return { kind: 'invalid', reason: error instanceof Error ? error.message : 'not a regular expression' };
  }
}

/** `text` anywhere in the tag, `/pattern/` as a regular expression, `sha256:9f…` as the start of a digest. */
export function parseTagFilter(text: string): TagFilter {
  const needle = text.trim().toLowerCase();
  if (needle === '') return { kind: 'all' };
  if (DIGEST_PREFIX.test(needle)) return { kind: 'digest', prefix: needle };
  const pattern = /^\/(.+)\/$/.exec(text.trim())?.[1];
  return pattern === undefined ? { kind: 'text', needle } : parsePattern(pattern);
}

/** `undecided`: the filter asks for a digest and the tag's is not known yet. */
export type TagMatch = 'kept' | 'left-out' | 'undecided';

export function matchTag(filter: TagFilter, tag: string, digest: string | undefined): TagMatch {
  if (filter.kind === 'digest') {
    if (digest === undefined) return 'undecided';
    return digest.startsWith(filter.prefix) ? 'kept' : 'left-out';
  }
  return matchesName(filter, tag) ? 'kept' : 'left-out';
}

function matchesName(filter: Exclude<TagFilter, { kind: 'digest' }>, tag: string): boolean {
  if (filter.kind === 'text') return tag.toLowerCase().includes(filter.needle);
  return filter.kind === 'pattern' ? filter.pattern.test(tag) : true;
}

export type FilteredTags = {
  readonly tags: readonly string[];
  /** Tags left out only because their digest is not known yet. */
  readonly undecidedCount: number;
};

export function filterTags(
  filter: TagFilter,
  tags: readonly string[],
  digestOf: (tag: string) => string | undefined,
): FilteredTags {
  if (filter.kind === 'all') return { tags, undecidedCount: 0 };
  let undecidedCount = 0;
  const kept = tags.filter((tag) => {
    const match = matchTag(filter, tag, digestOf(tag));
    if (match === 'undecided') undecidedCount += 1;
    return match === 'kept';
  });
  return { tags: kept, undecidedCount };
}
