import { parseChallenges } from '../transport/challenge.ts';
import { headerLines } from '../transport/headers.ts';
import type { Endpoint, HttpResponse } from '../transport/http.ts';
import type { Caller } from './caller.ts';
import { readScopes } from './escalation.ts';
import { chooseScheme, selectChallenge } from './schemes.ts';
import { fetchToken, type TokenDeps } from './token.ts';

/**
 * An anonymous token for the target of a redirect that answered 401, by that target's own challenge and under the rules
 * for realms as that target named it; undefined where it wants anything but Bearer. Its address policy is that of the
 * registry which sent us there. No credential of ours takes part (SECURITY-CASES R08; go-containerregistry#2359).
 * @throws {RegistryError} `protocol{challenge}`, `untrusted-host`, and what token calls throw
 */
export async function answerTarget(
  refused: HttpResponse,
  context: {
    readonly endpoint: Endpoint;
    readonly secrets: readonly string[];
    readonly deps: TokenDeps;
    readonly caller: Caller;
  },
): Promise<string | undefined> {
  const { endpoint, secrets, deps, caller } = context;
  const { challenges } = parseChallenges(headerLines(refused.headers, 'www-authenticate'));
  const chosen = selectChallenge(challenges, 'nothing');
  if (chosen === undefined) return undefined;
  const { trace } = refused;
  const { classify } = deps.transport;
  const scheme = chooseScheme(refused.headers, 'nothing', { asker: refused.url, trace, classify, secrets });
  if (scheme?.kind !== 'bearer') return undefined;
  const { realm, service } = scheme;
  const scopes = readScopes(chosen.params.get('scope'));
  const token = await fetchToken({ endpoint, realm, service, scopes, secrets }, undefined, deps, caller);
  return `Bearer ${token.value}`;
}
