import { LRUCache } from 'lru-cache';
import { type Challenge, parseChallenges } from '../transport/challenge.ts';
import { headerLines } from '../transport/headers.ts';
import type { HttpResponse } from '../transport/http.ts';
import { cleanScopes, inRequestOrder, parseScope, type Scope } from './scopes.ts';

/** Actions that change nothing. `metadata_read` is what Azure asks for a list of tags. */
const READ_ACTIONS: ReadonlySet<string> = new Set(['pull', 'metadata_read']);
const MAX_WORDS = 10;
const MAX_RESOURCES = 500;

/**
 * The scopes a challenge says the token lacked: Bearer, `error="insufficient_scope"`, and each of them whole. Spec:
 * RFC 6750, 3.1, which answers 403; registries answer 401 as well.
 */
export function insufficientScopes(status: number, challenges: readonly Challenge[]): readonly string[] {
  if (status !== 401 && status !== 403) return [];
  const scope = insufficient(challenges)?.params.get('scope');
  return split(scope).filter((text) => parseScope(text) !== undefined);
}

/** True for an answer that knows the person and finds the token's rights too few. */
export function saysInsufficientScope({ headers }: Pick<HttpResponse, 'headers'>): boolean {
  return insufficient(challengesOf({ headers })) !== undefined;
}

/** What an answer asks for, as far as it can be read. */
export function challengesOf({ headers }: Pick<HttpResponse, 'headers'>): readonly Challenge[] {
  return parseChallenges(headerLines(headers, 'www-authenticate')).challenges;
}

function insufficient(challenges: readonly Challenge[]): Challenge | undefined {
  return challenges.find(({ scheme, params }) => scheme === 'bearer' && params.get('error') === 'insufficient_scope');
}

/** The scopes that a Bearer challenge names, whatever for. */
export function namedScopes(challenges: readonly Challenge[]): readonly string[] {
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  return split(bearer?.params.get('scope'));
}

/** What an anonymous reader may ask for of all that a challenge names: its reads, and its words as they are. */
export function readScopes(challenged: string | undefined): readonly string[] {
  const reads = split(challenged).flatMap((text) => {
    const scope = parseScope(text);
    if (scope === undefined) return [];
    return [`${scope.type}:${scope.name}:${scope.actions.filter((action) => READ_ACTIONS.has(action)).join(',')}`];
  });
  return inRequestOrder([...reads.slice(0, MAX_WORDS), ...foreignWords(challenged)]);
}

/**
 * Those words of a challenge's scope that name no resource (`aws` of public.ecr.aws, `*` of codeberg.org), to be passed
 * on as they are. Whatever holds a colon may name a resource to a token server that reads more loosely than we do
 * (SECURITY-CASES A11).
 */
export function foreignWords(challenged: string | undefined): readonly string[] {
  return split(challenged)
    .filter((word) => !word.includes(':'))
    .slice(0, MAX_WORDS);
}

/**
 * The part of `named` that an operation which needs `own` may be given: the same resources, and no action beyond the
 * operation's own kind. A read never learns to push, a push never to delete (A11).
 */
export function withinNeed(named: readonly string[], own: readonly string[]): readonly string[] {
  const needs = own.map(parseScope);
  const granted = named.flatMap((text) => {
    const scope = parseScope(text);
    const need = needs.find((each) => each?.type === scope?.type && each?.name === scope?.name);
    if (scope === undefined || need === undefined) return [];
    const actions = scope.actions.filter((action) => mayLearn(need, action));
    return [`${scope.type}:${scope.name}:${actions.join(',')}`];
  });
  return cleanScopes(granted);
}

function mayLearn(need: Scope, action: string): boolean {
  if (READ_ACTIONS.has(action) || need.actions.includes('*') || need.actions.includes(action)) return true;
  // Quay wants `*` for a deletion and cannot read `delete`; Keppel and IBM want all three.
  return need.actions.includes('delete') && (action === 'push' || action === '*');
}

/** What a session's registry was found to want beyond what operations ask for, a resource at a time. */
export type LearnedScopes = {
  /** Keeps what `own` may have of `named`. True when that is more than was known. */
  learn(own: readonly string[], named: readonly string[]): boolean;
  /** `own` and what was learned for it. */
  widen(own: readonly string[]): readonly string[];
};

/** Bounded: a registry cannot make us remember more than 500 resources. */
export function createLearnedScopes(): LearnedScopes {
  const learned = new LRUCache<string, readonly string[]>({ max: MAX_RESOURCES });

  const widen = (own: readonly string[]): readonly string[] => {
    const known = own.flatMap((scope) => learned.get(resourceOf(scope)) ?? []);
    return cleanScopes([...own, ...withinNeed(known, own)]);
  };

  return {
    widen,
    learn: (own, named) => {
      const before = widen(own).join(' ');
      for (const scope of withinNeed(named, own)) {
        const resource = resourceOf(scope);
        learned.set(resource, cleanScopes([...(learned.get(resource) ?? []), scope]));
      }
      return widen(own).join(' ') !== before;
    },
  };
}

function resourceOf(text: string): string {
  const scope = parseScope(text);
  return scope === undefined ? text : `${scope.type}:${scope.name}`;
}

function split(scope: string | undefined): readonly string[] {
  return (scope ?? '').split(' ').filter((word) => word !== '');
}
