type Named = { readonly id: string; readonly host: string };

/** What a secret is, in the word a person finds in the keychain app. */
type AccountWhat =
  | { readonly kind: 'password'; readonly username: string }
  | { readonly kind: 'bearer' | 'identity' | 'client-key' };

/**
 * The name a person finds in the keychain app: `registry.example.com (alice) · ab12cd`. The end comes from the
 * registry's id, so two entries for one host and user stay apart. A user name always stands in parentheses and the
 * other words never do, so that nobody called `client key` gets another's place.
 */
export function credentialAccount({ id, host }: Named, what: AccountWhat): string {
  const words = what.kind === 'password' ? ` (${what.username})` : `, ${WORDS[what.kind]}`;
  return `${host}${words} · ${id.slice(0, 6)}`;
}

const WORDS = { bearer: 'token', identity: 'identity token', 'client-key': 'client key' } as const;
