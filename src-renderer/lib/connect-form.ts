import type { ConnectionInput, Registry } from '#shared/api/registries.ts';
import { likelyMeantRegistry } from '#shared/oci/known-registries.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { parseRegistryHost } from '#shared/oci/registry-host.ts';

export type SignInKind = 'anonymous' | 'password' | 'bearer' | 'identity' | 'config';

/** What is typed in the connect dialog, as text. */
export type ConnectForm = {
  readonly host: string;
  readonly label: string;
  readonly plainHttp: boolean;
  readonly skipVerification: boolean;
  readonly signIn: SignInKind;
  readonly username: string;
  readonly secret: string;
};

export type FormField = 'host' | 'username' | 'secret';
export type FormErrors = Partial<Readonly<Record<FormField, string>>>;
export type FormResult =
  | { readonly ok: true; readonly input: ConnectionInput }
  | { readonly ok: false; readonly errors: FormErrors };

export const emptyForm: ConnectForm = {
  host: '',
  label: '',
  plainHttp: false,
  skipVerification: false,
  signIn: 'anonymous',
  username: '',
  secret: '',
};

/** A stored registry as a form; the secret is not told, an empty field keeps it. */
export function formOf(registry: Registry): ConnectForm {
  return {
    host: registry.host,
    label: registry.label === registry.host ? '' : registry.label,
    plainHttp: registry.plainHttp,
    skipVerification: registry.skipVerification,
    signIn: registry.auth.kind,
    username: registry.auth.kind === 'password' ? registry.auth.username : '',
    secret: '',
  };
}

/** The well-known registry that the typed host is one slip away from: asked about before a password is sent there. */
export function meantHost(typed: string): string | undefined {
  try {
    return likelyMeantRegistry(parseRegistryHost(typed).host);
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}

function hostError(host: string): string | undefined {
  if (host.trim() === '') return 'Type the host of the registry, such as ghcr.io';
  try {
    parseRegistryHost(host);
    return undefined;
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    return `Not a registry host: ${error.message}`;
  }
}

/** True when the stored secret still fits: same kind of sign-in, same user. */
function mayKeepSecret(form: ConnectForm, stored: Registry | undefined): boolean {
  if (stored === undefined || stored.auth.kind !== form.signIn || stored.secret === 'missing') return false;
  return stored.auth.kind !== 'password' || stored.auth.username === form.username;
}

function checkForm(form: ConnectForm, stored: Registry | undefined): FormErrors {
  const host = hostError(form.host);
  const needsUser = form.signIn === 'password' && form.username === '';
  const needsSecret =
    form.signIn !== 'anonymous' && form.signIn !== 'config' && form.secret === '' && !mayKeepSecret(form, stored);
  return {
    ...(host === undefined ? {} : { host }),
    ...(needsUser ? { username: 'Type a user name' } : {}),
    ...(needsSecret
      ? {
          secret:
            form.signIn === 'bearer' || form.signIn === 'identity' ? 'Paste the token' : 'Type the password or token',
        }
      : {}),
  };
}

function authOf(form: ConnectForm): ConnectionInput['auth'] {
  if (form.signIn === 'anonymous' || form.signIn === 'config') return { kind: form.signIn };
  if (form.secret === '') return { kind: 'unchanged' };
  if (form.signIn !== 'password') return { kind: form.signIn, secret: form.secret };
  return { kind: 'password', username: form.username, secret: form.secret };
}

/** The input of `registries.add`, `update` and `test`, or what is missing, by field. */
export function readForm(form: ConnectForm, stored?: Registry): FormResult {
  const errors = checkForm(form, stored);
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const label = form.label.trim();
  const input: ConnectionInput = {
    host: form.host.trim(),
    plainHttp: form.plainHttp,
    skipVerification: form.skipVerification,
    auth: authOf(form),
    ...(label === '' ? {} : { label }),
  };
  return { ok: true, input };
}
