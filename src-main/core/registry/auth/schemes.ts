import type { RegistryCredential } from '../registry-client.ts';
import type { ClassifyAddress } from '../transport/address-policy.ts';
import { type Challenge, formatChallenge, parseChallenges, shownLine } from '../transport/challenge.ts';
import { headerLines, type Headers } from '../transport/headers.ts';
import { RegistryError, type RequestTrace } from '../transport/registry-error.ts';
import { foreignWords } from './escalation.ts';
import { checkRealm } from './realm.ts';

/** A token server, and how it is to be asked. */
export type BearerScheme = {
  readonly kind: 'bearer';
  readonly realm: URL;
  readonly service: string | undefined;
  /** Words of the challenge's scope that are passed on. */
  readonly words: readonly string[];
};

/** How a registry wants to be asked. */
export type Scheme = { readonly kind: 'basic' } | BearerScheme;

/** What can be answered with: schemes that one kind of credential meets another cannot. */
export type Means = RegistryCredential['kind'] | 'nothing';

type ChallengeContext = {
  /** Whose answer it is: the registry, or the target of a redirect. */
  readonly asker: URL;
  readonly trace: RequestTrace;
  readonly classify: ClassifyAddress;
  /** The refused request may have carried a secret, so the server's words may repeat it (SECURITY-CASES A09). */
  readonly secrets: readonly string[];
};

/**
 * The first challenge that can be met, in the server's order: Bearer always, since anonymous tokens may be had; Basic
 * with a password only. Undefined when there is none.
 */
export function selectChallenge(challenges: readonly Challenge[], means: Means): Challenge | undefined {
  return challenges.find(({ scheme }) => scheme === 'bearer' || (scheme === 'basic' && means === 'password'));
}

/**
 * How to answer a 401 by these means; undefined when it has no challenge, or one that needs a credential we lack.
 * @throws {RegistryError} `unsupported{auth-scheme}` when nothing we speak would do, `protocol{challenge}` for what
 * cannot be read, with the header as it came; `untrusted-host`
 */
export function chooseScheme(headers: Headers, means: Means, context: ChallengeContext): Scheme | undefined {
  const lines = headerLines(headers, 'www-authenticate');
  if (lines.length === 0) return undefined;
  const { challenges } = parseChallenges(lines);
  const chosen = selectChallenge(challenges, means);
  if (chosen === undefined) {
    if (means === 'nothing' && challenges.some(({ scheme }) => scheme === 'basic')) return undefined;
    throw unusable(lines, means, context);
  }
  return chosen.scheme === 'basic' ? { kind: 'basic' } : bearerScheme(chosen, lines, context);
}

function bearerScheme({ params }: Challenge, lines: readonly string[], context: ChallengeContext): BearerScheme {
  const realm = checkRealm(params.get('realm'), {
    registry: context.asker,
    trace: context.trace,
    classify: context.classify,
    header: shownLine(lines.join(', '), context.secrets),
  });
  return { kind: 'bearer', realm, service: params.get('service'), words: foreignWords(params.get('scope')) };
}

function unusable(lines: readonly string[], means: Means, context: ChallengeContext): RegistryError {
  const shown = lines.map((line) => shownLine(line, context.secrets));
  const { challenges } = parseChallenges(shown);
  if (challenges.length === 0) {
    const detail = `unreadable WWW-Authenticate: ${shown.join(', ').slice(0, 300)}`;
    return new RegistryError({ kind: 'protocol', reason: 'challenge', detail }, context.trace);
  }
  const offered = challenges.slice(0, 5).map(formatChallenge).join('; ').slice(0, 500);
  const detail = means === 'identity' ? `an identity token cannot answer ${offered}` : offered;
  return new RegistryError({ kind: 'unsupported', feature: 'auth-scheme', detail }, context.trace);
}
