const CERTIFICATE: ReadonlySet<string> = new Set(['self-signed', 'expired', 'wrong-host', 'untrusted']);
const TLS: ReadonlySet<string> = new Set(['not-tls', 'client-certificate', 'protocol-version']);

/** What is said of a registry that cannot be used, before the time since when: one whose certificate is refused is not away. */
export function outageText(reason: string | undefined): string {
  if (reason !== undefined && CERTIFICATE.has(reason)) return 'certificate refused since';
  if (reason !== undefined && TLS.has(reason)) return 'no secure connection since';
  return 'offline since';
}
