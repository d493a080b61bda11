import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { CertificateInfo } from './registry-error.ts';

/** As many as are shown; a server may send more. */
const MAX_CHAIN = 10;
const MAX_NAME = 500;
const MAX_ALT_NAMES = 2000;

/**
 * The certificates a server showed in its handshake, its own first, as facts for a person: also those of a handshake
 * that was refused, which then prove nothing. Empty before the server has sent any.
 */
export function certificateChain(socket: TLSSocket): readonly CertificateInfo[] {
  const chain: CertificateInfo[] = [];
  // Not `getPeerX509Certificate`, which in Node 24 takes the chain away from whoever asks next, Node's own check of
  // the host name included.
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (certificate?.raw !== undefined && chain.length < MAX_CHAIN) {
    const info = certificateInfo(new X509Certificate(certificate.raw));
    // The issuer of a self-signed certificate is that certificate.
    if (chain.some(({ fingerprint }) => fingerprint === info.fingerprint)) break;
    chain.push(info);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

/** One certificate in words: names on one line, times as ISO 8601. */
function certificateInfo(certificate: X509Certificate): CertificateInfo {
  return {
    subject: oneLine(certificate.subject).slice(0, MAX_NAME),
    issuer: oneLine(certificate.issuer).slice(0, MAX_NAME),
    altNames: (certificate.subjectAltName ?? '').slice(0, MAX_ALT_NAMES),
    validFrom: isoTime(certificate.validFrom),
    validTo: isoTime(certificate.validTo),
    fingerprint: certificate.fingerprint256,
  };
}

/** Node writes one attribute a line: `CN=registry` and `O=acme` below each other. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

/** Node's own text (`Nov 21 10:00:00 2026 GMT`) when it is no date JavaScript knows. */
function isoTime(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text.slice(0, MAX_NAME) : new Date(time).toISOString();
}
