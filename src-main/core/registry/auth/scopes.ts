/** One scope of a Bearer token: `type:name:actions`. Spec: distribution token scope. */
export type Scope = { readonly type: string; readonly name: string; readonly actions: readonly string[] };

/**
 * Reads `type:name:actions`; undefined for a word that is none. The type ends at the first colon and the actions begin
 * at the last, since a name may hold a port.
 */
export function parseScope(text: string): Scope | undefined {
  const first = text.indexOf(':');
  const last = text.lastIndexOf(':');
  if (first <= 0 || last === first) return undefined;
  return { type: text.slice(0, first), name: text.slice(first + 1, last), actions: text.slice(last + 1).split(',') };
}

/** Without blanks and repeats, sorted; `*` stands for all others. */
export function cleanActions(actions: readonly string[]): readonly string[] {
  if (actions.includes('*')) return ['*'];
  return [...new Set(actions.filter((action) => action !== ''))].sort();
}

/** The scope for actions in a repository; empty when there is nothing to ask for. */
export function repositoryScope(repository: string, actions: readonly string[]): string {
  const cleaned = cleanActions(actions);
  return repository === '' || cleaned.length === 0 ? '' : `repository:${repository}:${cleaned.join(',')}`;
}

/** The scope a read in a repository needs. */
export function pullScope(repository: string): string {
  return repositoryScope(repository, ['pull']);
}

/** The scope of a write; a registry looks at what is there before it takes more. */
export function pushScope(repository: string): string {
  return repositoryScope(repository, ['pull', 'push']);
}

/** The scope the catalog needs. */
export const CATALOG_SCOPE = 'registry:catalog:*';

/**
 * One scope a resource with all its actions, sorted; words that are no scope are kept, scopes without actions are not.
 * Equal sets of rights come out equal, so this is what a token is remembered by.
 */
export function cleanScopes(scopes: readonly string[]): readonly string[] {
  const words = new Set<string>();
  const actionsOf = new Map<string, readonly string[]>();
  for (const text of scopes) {
    const scope = parseScope(text);
    if (scope === undefined) {
      words.add(text);
      continue;
    }
    const resource = `${scope.type}:${scope.name}`;
    actionsOf.set(resource, [...(actionsOf.get(resource) ?? []), ...scope.actions]);
  }
  const merged = [...actionsOf].map(([resource, actions]) => [resource, cleanActions(actions)] as const);
  const written = merged.filter(([, actions]) => actions.length > 0);
  return [...words, ...written.map(([resource, actions]) => `${resource}:${actions.join(',')}`)]
    .filter((scope) => scope !== '')
    .sort();
}

/**
 * Cleaned scopes in the order a token server is asked for them: what may write first, since some servers honour only
 * the first; words that are no scope last.
 */
export function inRequestOrder(scopes: readonly string[]): readonly string[] {
  const cleaned = cleanScopes(scopes);
  return [0, 1, 2].flatMap((rank) => cleaned.filter((scope) => rankOf(scope) === rank));
}

function rankOf(text: string): number {
  const scope = parseScope(text);
  if (scope === undefined) return 2;
  return scope.actions.some((action) => action === 'push' || action === 'delete' || action === '*') ? 0 : 1;
}

/** The repository that these scopes are about: the first one named, which is the one that is written to. */
export function repositoryOf(scopes: readonly string[]): string | undefined {
  return inRequestOrder(scopes)
    .map(parseScope)
    .find((scope) => scope?.type === 'repository')?.name;
}
