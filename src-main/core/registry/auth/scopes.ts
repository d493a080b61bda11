/** The scope a read in a repository needs. Spec: distribution token scope, `repository:<name>:<actions>`. */
export function pullScope(repository: string): string {
  return `repository:${repository}:pull`;
}

/** The scope the catalog needs. */
export const CATALOG_SCOPE = 'registry:catalog:*';

/**
 * The scopes to ask a token for: ours, and from the challenge only words that name no resource (`aws` of
 * public.ecr.aws, `*` of codeberg.org), passed on as they are. A registry that asks for another repository or for
 * push on a read gets neither, however it spells that: whatever holds a colon may name a resource to a token server
 * that reads more loosely than we do (SECURITY-CASES A11).
 */
export function scopesToRequest(own: readonly string[], challenged: string | undefined): readonly string[] {
  const foreign = (challenged ?? '').split(' ').filter((scope) => scope !== '' && !scope.includes(':'));
  return [...new Set([...own, ...foreign.slice(0, 10)])];
}
