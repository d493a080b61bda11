import { longestFirst } from '../transport/redact.ts';
import { isRegistryError } from '../transport/registry-error.ts';
import type { Caller } from './caller.ts';
import { checkDestination, type DestinationRules } from './destination.ts';
import { basicOf, type Identity } from './identity.ts';
import { fetchToken, refreshToken, type TokenDeps, type TokenRequest } from './token.ts';
import type { Token } from './token-answer.ts';

/** One token on its way. */
type TokenErrand = {
  readonly key: string;
  readonly stale: string | undefined;
  readonly identity: Identity;
  readonly request: Omit<TokenRequest, 'secrets'>;
  /** Of the one who asked first; aborted when nobody waits for it any more. */
  readonly caller: Caller & { readonly signal: AbortSignal };
};

type TokenExchangeDeps = TokenDeps &
  DestinationRules & {
    /** Every token in memory, which a server could echo. */
    readonly values: () => readonly string[];
    /** The token in memory under this key, unless it is over or is this stale `Authorization`. */
    readonly freshIn: (key: string, stale: string | undefined) => Token | undefined;
    readonly keep: (key: string, token: Token) => void;
  };

/**
 * Trades what an identity has for a token: a refresh token by POST, one at a time for all who hold it, a password or
 * nothing by GET. What it returns rejects with a `RegistryError`.
 */
export function createTokenExchange(deps: TokenExchangeDeps): (errand: TokenErrand) => Promise<Token> {
  const knowGetAlone = new Set<string>();
  const withSecrets = (errand: TokenErrand): TokenRequest => ({
    ...errand.request,
    secrets: longestFirst([...errand.identity.secrets(), ...deps.values(), ...deps.transport.proxySecrets]),
  });

  const byGet = (errand: TokenErrand): Promise<Token> =>
    fetchToken(withSecrets(errand), basicOf(errand.identity.credential), deps, errand.caller);

  /** Its turn has come: meanwhile there may be a token, or nobody who wants it. Undefined where only GET will do. */
  const refreshInTurn = async (errand: TokenErrand): Promise<Token | undefined> => {
    errand.caller.signal.throwIfAborted();
    const made = deps.freshIn(errand.key, errand.stale);
    if (made !== undefined || knowGetAlone.has(errand.request.realm.href)) return made;
    const token = await spend(errand);
    if (token === undefined) {
      knowGetAlone.add(errand.request.realm.href);
      return undefined;
    }
    deps.keep(errand.key, token);
    if (token.refreshToken !== undefined) errand.identity.renew(token.refreshToken);
    return token;
  };

  /**
   * No signal goes along: the token server has taken the refresh token as soon as it has read the request, and who
   * breaks off never hears of the next one. The transport bounds how long it may take.
   */
  const spend = async (errand: TokenErrand): Promise<Token | undefined> => {
    const { identity } = errand;
    const send = () => refreshToken(withSecrets(errand), identity.credential?.secret ?? '', deps);
    try {
      return await send();
    } catch (error) {
      // Another client has had it, and its successor is where ours came from.
      if (!isRegistryError(error, 'unauthorized') || !(await identity.reread())) throw error;
      return await send();
    }
  };

  return async (errand) => {
    const { identity, request } = errand;
    if (identity.credential !== undefined) checkDestination(request.realm, deps);
    const isByPost = identity.credential?.kind === 'identity' && !knowGetAlone.has(request.realm.href);
    const token = isByPost ? await identity.alone(() => refreshInTurn(errand)) : undefined;
    return token ?? (await byGet(errand));
  };
}
