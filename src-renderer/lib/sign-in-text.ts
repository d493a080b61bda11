import type { CredentialExplanation } from '#shared/api/accounts.ts';
import type { Registry } from '#shared/api/registries.ts';
import { assertNever } from './assert-never.ts';

/** How a registry is signed in to, as a sentence without its full stop. The user name is registry text. */
export function signInText({ auth, kind }: Registry): string {
  if (kind === 'local') return 'Needs no sign-in';
  switch (auth.kind) {
    case 'anonymous':
      return 'Not signed in';
    case 'password':
      return `Signed in as ${auth.username}`;
    case 'bearer':
      return 'Signed in with a registry token';
    case 'identity':
      return 'Signed in with an identity token';
    case 'config':
      return 'As docker or podman is signed in';
    default:
      return assertNever(auth);
  }
}

const SECRETS: Readonly<Record<Registry['secret'], string | undefined>> = {
  none: undefined,
  keychain: 'secret in the keychain',
  memory: 'secret in memory until Gantry closes',
  missing: 'secret missing: sign in again',
  config: 'nothing is copied from there',
};

/** Where the secret is kept, with the name a person finds it under. */
export function secretText({ secret, keychainName }: Registry): string | undefined {
  const place = SECRETS[secret];
  return secret === 'keychain' && keychainName !== undefined ? `${place} as “${keychainName}”` : place;
}

type Considered = CredentialExplanation['considered'][number];

export const SOURCES: Readonly<Record<Considered['source'], string>> = {
  keychain: 'Gantry’s own',
  environment: 'Environment',
  'docker-config': 'Docker',
  'podman-config': 'Podman',
  helper: 'Helper',
};

export const OUTCOMES: Readonly<
  Record<Considered['outcome'], { readonly text: string; readonly tone: 'success' | 'neutral' | 'danger' }>
> = {
  used: { text: 'used', tone: 'success' },
  'no-match': { text: 'nothing for this registry', tone: 'neutral' },
  absent: { text: 'not there', tone: 'neutral' },
  unreadable: { text: 'cannot be read', tone: 'danger' },
  failed: { text: 'failed', tone: 'danger' },
  'not-reached': { text: 'not looked at', tone: 'neutral' },
};
