import { parseRegistryHost } from '#shared/oci/registry-host.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { InvalidInputError } from '../gantry-error.ts';
import type { RegistryCredential } from '../registry/registry-client.ts';
import { type CheckedReach, checkReach, type ReachInput } from './reach-input.ts';

/** How to sign in, as a person chose it. `unchanged`: as stored. */
export type SignInChoice =
  | RegistryCredential
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'config' }
  | { readonly kind: 'unchanged' };

/** A connection as a person typed it. */
export type ConnectionChoice = ReachInput & {
  readonly host: string;
  readonly label?: string | undefined;
  readonly plainHttp: boolean;
  readonly skipVerification: boolean;
  readonly auth: SignInChoice;
};

/** The same, usable: `host` canonical, label trimmed and absent when empty. */
export type CheckedConnection = Omit<ConnectionChoice, 'label' | keyof ReachInput> & {
  readonly label: string | undefined;
  readonly reach: CheckedReach;
};

const CONTROL = /\p{Cc}/u;

/** @throws {InvalidInputError} paths `host`, `auth.username`, `auth.secret` and those of `checkReach`; the text typed is never repeated */
export function checkConnection(choice: ConnectionChoice): CheckedConnection {
  const { host, scheme } = checkHost(choice.host);
  const label = choice.label?.trim();
  return {
    host,
    label: label === '' ? undefined : label,
    plainHttp: scheme === undefined ? choice.plainHttp : scheme === 'http',
    skipVerification: choice.skipVerification,
    auth: checkSignIn(choice.auth),
    reach: checkReach(choice),
  };
}

function checkHost(text: string): ReturnType<typeof parseRegistryHost> {
  try {
    return parseRegistryHost(text);
  } catch (error) {
    if (error instanceof OciError) throw new InvalidInputError('host', error.message, { cause: error });
    throw error;
  }
}

function checkSignIn(auth: SignInChoice): SignInChoice {
  if (auth.kind === 'password') {
    // RFC 7617: the first colon ends the user name, so one inside would move into the password.
    if (auth.username.includes(':')) throw new InvalidInputError('auth.username', 'a user name cannot hold a colon');
    if (CONTROL.test(auth.username)) throw new InvalidInputError('auth.username', 'not a user name');
    return auth;
  }
  if (auth.kind !== 'bearer' && auth.kind !== 'identity') return auth;
  // A token is often pasted with the line break after it; inside a header there can be none.
  const secret = auth.secret.trim();
  if (!/^[\x21-\x7e]+$/.test(secret)) throw new InvalidInputError('auth.secret', 'a token is ASCII without spaces');
  return { kind: auth.kind, secret };
}
