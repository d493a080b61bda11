import type { Clock } from '../../ports.ts';
import type { RegistryConnection } from '../registry-client.ts';
import { discard } from '../transport/body.ts';
import { headerLines } from '../transport/headers.ts';
import type { Endpoint, HttpResponse, Transport } from '../transport/http.ts';
import { longestFirst } from '../transport/redact.ts';
import type { RegistryError } from '../transport/registry-error.ts';
import { apiUrl } from '../transport/route.ts';
import type { Caller } from './caller.ts';
import { challengesOf, createLearnedScopes, insufficientScopes, namedScopes } from './escalation.ts';
import { createFirstContact, type FirstContact } from './first-contact.ts';
import { createIdentities } from './identities.ts';
import type { Identity } from './identity.ts';
import { type Attempt, createPresenter, isSentAsItIs, meansOf } from './presenter.ts';
import type { Use } from './refusals.ts';
import { chooseScheme, type Means, type Scheme } from './schemes.ts';
import { repositoryOf } from './scopes.ts';

/** One registry, and whoever asks it: decides what stands in `Authorization`, and keeps the tokens. */
export type AuthSession = {
  /** Through which requests go until one has been answered. */
  readonly firstContact: FirstContact;
  /** Some credential has been found by now. */
  readonly hasCredential: boolean;
  /** Everything secret this session has sent, to proxies too, in every spelling: never to be repeated from a server's words. */
  secrets(): readonly string[];
  /** What to send at once, from what is known by now. May fetch a token. @throws as `answer` */
  authorize(scopes: readonly string[], caller: Caller): Promise<Attempt>;
  /**
   * What to send after a first 401, or undefined when nothing new can be tried. `tried` is what was refused.
   * @throws {RegistryError} `untrusted-host`, `plaintext-auth`, `unsupported{auth-scheme}`, `protocol`, `unauthorized`
   * @throws {CredentialHelperError}
   */
  answer(
    refused: HttpResponse,
    tried: Attempt,
    scopes: readonly string[],
    caller: Caller,
  ): Promise<Attempt | undefined>;
  /**
   * True when the registry names scopes the token lacked which such a request may have and which were not asked for
   * yet. They are kept for the session, so `widened` brings a token with them.
   */
  learn(refused: HttpResponse, scopes: readonly string[]): boolean;
  /** What to send after `learn` was true. @throws as `answer` */
  widened(tried: Attempt, scopes: readonly string[], caller: Caller): Promise<Attempt>;
  /** What to send when all that was tried is refused: another credential, when its source has one. @throws as `answer` */
  another(tried: Attempt, scopes: readonly string[], caller: Caller): Promise<Attempt | undefined>;
  /**
   * What came of `tried`, where that sent the credential to the registry itself: it was taken, or refused for good by
   * `refusal`. Then it is not sent again for a while but by who insists.
   */
  conclude(tried: Attempt, use: Use, refusal?: RegistryError): void;
  /** Until when a token we were given is used, by its `Authorization`; milliseconds since the epoch. */
  expiresAtMs(authorization: string): number | undefined;
};

export type SessionDeps = { readonly transport: Transport; readonly clock: Clock };

/** A session per connection: what it learns and keeps is never shared with another. */
export function createAuthSession(connection: RegistryConnection, endpoint: Endpoint, deps: SessionDeps): AuthSession {
  const { transport, clock } = deps;
  const decide = (text: string) => transport.log.decide(endpoint.url.host, text);
  const identities = createIdentities(connection, { clock, decide });
  const schemes = new Map<Means, Scheme>();
  const presenter = createPresenter({ ...deps, connection, endpoint, identities, schemes });
  const learned = createLearnedScopes();
  const firstContact = createFirstContact(clock);
  const secrets = () => longestFirst([...identities.secrets(), ...presenter.tokens(), ...transport.proxySecrets]);
  // With a source, nobody is looked for before the registry asks who we are: a helper may want to be unlocked.
  let wasAsked = connection.credential !== undefined || connection.credentialSource === undefined;

  const find = (scopes: readonly string[], { signal }: Caller) => identities.find(repositoryOf(scopes), signal);
  const takeUp = async (refused: HttpResponse, identity: Identity, caller: Caller) => {
    const means = meansOf(identity);
    if (means === 'bearer') return;
    const isSilent = headerLines(refused.headers, 'www-authenticate').length === 0;
    const { headers } = isSilent && !schemes.has(means) ? await pingUnsigned(endpoint, transport, caller) : refused;
    const { trace } = refused;
    const context = { asker: endpoint.url, trace, classify: transport.classify, secrets: secrets() };
    const scheme = chooseScheme(headers, means, context);
    if (scheme !== undefined) schemes.set(means, scheme);
  };

  return {
    firstContact,
    secrets,
    expiresAtMs: (authorization) => presenter.expiresAtMs(authorization),
    get hasCredential() {
      return identities.secrets().length > 0;
    },
    authorize: async (scopes, caller) => {
      if (!wasAsked) return { authorization: undefined, identity: undefined };
      const wanted = { scopes: learned.widen(scopes), stale: undefined, caller };
      return await presenter.present(await find(scopes, caller), wanted);
    },
    answer: async (refused, tried, scopes, caller) => {
      wasAsked = true;
      const identity = tried.identity ?? (await find(scopes, caller));
      await takeUp(refused, identity, caller);
      learned.learn(scopes, namedScopes(challengesOf(refused)));
      // A credential that may be wrong goes alone: those who wait learn in time that it was refused.
      if (identity.credential === undefined) firstContact.end();
      const wanted = { scopes: learned.widen(scopes), stale: tried.authorization, caller };
      const next = await presenter.present(identity, wanted);
      if (!isSentAsItIs(next.identity ?? identity, schemes)) firstContact.end();
      if (next.authorization !== tried.authorization) return next;
      return await presenter.presentAnother(identity, wanted);
    },
    learn: (refused, scopes) => learned.learn(scopes, insufficientScopes(refused.status, challengesOf(refused))),
    widened: async ({ identity, authorization }, scopes, caller) => {
      const wanted = { scopes: learned.widen(scopes), stale: authorization, caller };
      return await presenter.present(identity ?? (await find(scopes, caller)), wanted);
    },
    conclude: (tried, use, refusal) => presenter.conclude(tried, use, refusal),
    another: async ({ identity, authorization }, scopes, caller) => {
      if (identity === undefined) return undefined;
      return await presenter.presentAnother(identity, { scopes: learned.widen(scopes), stale: authorization, caller });
    },
  };
}

/** gcr.io sends no challenge with some 401s; its ping does. */
async function pingUnsigned(endpoint: Endpoint, transport: Transport, { signal, retrier }: Caller) {
  const url = apiUrl(endpoint, '/v2/');
  const request = { endpoint, method: 'GET', url, hop: 'registry', redirects: 'follow', signal, retrier } as const;
  const answer = await transport.send(request);
  discard(answer.body);
  return answer;
}
