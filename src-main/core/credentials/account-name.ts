/**
 * The name a person finds in the keychain app: `registry.example.com (alice) · ab12cd`.
 * The end comes from the registry's id, so two entries for one host and user stay apart.
 */
export function credentialAccount(registry: {
  readonly id: string;
  readonly host: string;
  readonly username?: string | undefined;
}): string {
  const who = registry.username === undefined ? 'token' : registry.username;
  return `${registry.host} (${who}) · ${registry.id.slice(0, 6)}`;
}
