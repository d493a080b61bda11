import { digestHex, isDigest } from '#shared/oci/digest.ts';
import { isRepositoryName, isTag } from '#shared/oci/reference.ts';
import type { CopySource } from './copy-sources.ts';

/** What stands for a part of the source in the name of a copy. */
export const PLACEHOLDERS = ['repository', 'name', 'registry', 'tag', 'digest'] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];

/** What the placeholders of one source are; undefined where it is not known before the plan. */
export type NameFacts = Readonly<Record<Placeholder, string | undefined>>;

export type NamePatterns = { readonly repository: string; readonly tag: string };

const BRACED = /\{([^{}]*)\}/g;

function isPlaceholder(text: string): text is Placeholder {
  return PLACEHOLDERS.some((name) => name === text);
}

/** Why a pattern cannot be used at all, whatever it is applied to. */
export function patternProblem(pattern: string): string | undefined {
  for (const [, name = ''] of pattern.matchAll(BRACED)) {
    if (!isPlaceholder(name)) return `There is no {${name}}: use {repository}, {name}, {registry}, {tag} or {digest}`;
  }
  return /[{}]/.test(pattern.replaceAll(BRACED, '')) ? 'A brace stands alone' : undefined;
}

/** The pattern with what is known put in; a placeholder that is not known stays as it is. */
export function expandPattern(pattern: string, facts: NameFacts): string {
  return pattern.replaceAll(BRACED, (whole, name: string) => (isPlaceholder(name) ? (facts[name] ?? whole) : whole));
}

/** `127.0.0.1:5000` cannot stand in a repository's name: the colon becomes a dash. */
export function registryPart(host: string): string {
  return host.replaceAll(':', '-');
}

function lastSegment(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}

/** The facts of something in a registry. A repository has many tags, and a tag's digest is found by the plan. */
export function sourceFacts(source: CopySource, host: string): NameFacts {
  const { repository } = source;
  const place = { repository, name: lastSegment(repository), registry: registryPart(host) };
  if (source.kind === 'repository') return { ...place, tag: undefined, digest: undefined };
  const { reference } = source;
  return isDigest(reference)
    ? { ...place, tag: '', digest: digestHex(reference) }
    : { ...place, tag: reference, digest: undefined };
}

/** A name as far as it is known: placeholders that stay do not make it wrong. */
function withStandIns(text: string): string {
  return text.replaceAll(BRACED, 'x');
}

/** What is wrong with a name a pattern gave; undefined for a good one. */
export function nameProblem({ repository, tag }: NamePatterns): string | undefined {
  const name = withStandIns(repository);
  if (name === '') return 'Type a repository';
  if (!isRepositoryName(name)) return `“${repository}” is not a repository name`;
  return tag === '' || isTag(withStandIns(tag)) ? undefined : `“${tag}” is not a tag`;
}

/** Where one source will go. */
export type NamePreview = {
  readonly repository: string;
  /** Empty: by digest only. */
  readonly tag: string;
  readonly problem: string | undefined;
};

export function previewName(patterns: NamePatterns, facts: NameFacts): NamePreview {
  const repository = expandPattern(patterns.repository.trim(), facts).replace(/^\/+|\/+$/g, '');
  const tag = expandPattern(patterns.tag.trim(), facts);
  return { repository, tag, problem: nameProblem({ repository, tag }) };
}

/** How many sources end at a name that another one has already: they would overwrite each other. */
export function countClashes(previews: readonly NamePreview[]): number {
  const seen = new Set<string>();
  let clashes = 0;
  for (const { repository, tag } of previews) {
    const isKnown = tag !== '' && !/[{}]/.test(repository + tag);
    const name = `${repository}:${tag}`;
    if (isKnown && seen.has(name)) clashes += 1;
    seen.add(name);
  }
  return clashes;
}
