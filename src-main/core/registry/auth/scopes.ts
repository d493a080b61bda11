/** The scope a read in a repository needs. Spec: distribution token scope, `repository:<name>:<actions>`. */
export function pullScope(repository: string): string {
  return `repository:${repository}:pull`;
}

/** The scope the catalog needs. */
export const CATALOG_SCOPE = 'registry:catalog:*';

const RESOURCE_SCOPE = /^[a-z0-9]+(?:\([a-z0-9]+\))?:.*:[a-z*,]*$/;

/**
 * The scopes to ask a token for: ours, and from the challenge only words that name no resource (`aws` of
 * public.ecr.aws, `*` of codeberg.org), passed on as they are. A registry that asks for another repository or for
 * push on a read gets neither (SECURITY-CASES A11).
 */
export function scopesToRequest(own: readonly string[], challenged: string | undefined): readonly string[] {
  const foreign = (challenged ?? '').split(' ').filter((scope) => scope !== '' && !RESOURCE_SCOPE.test(scope));
  return [...new Set([...own, ...foreign.slice(0, 10)])];
}
