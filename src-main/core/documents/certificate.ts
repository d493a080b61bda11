import { X509Certificate } from 'node:crypto';
import { readExtensions, readUtf8String } from './der.ts';
import type { DocumentCertificate } from './document.ts';
import { cut, type Pair } from './fields.ts';

const MAX_BYTES = 64 * 1024;
const MAX_NAMES = 100;

/** Sigstore's arc; extensions below it say who vouched for the identity and what was built. */
const FULCIO = '1.3.6.1.4.1.57264.1';
/** Bare text, as the first version had it. */
const OLD_ISSUER = `${FULCIO}.1`;
const ISSUER = `${FULCIO}.8`;

/** Spec: sigstore/fulcio, docs/oid-info.md. */
const CLAIMS: ReadonlyArray<readonly [id: string, name: string]> = [
  ['9', 'Build signer'],
  ['10', 'Build signer digest'],
  ['11', 'Runner environment'],
  ['12', 'Source repository'],
  ['13', 'Source repository digest'],
  ['14', 'Source repository ref'],
  ['16', 'Source repository owner'],
  ['18', 'Build config'],
  ['19', 'Build config digest'],
  ['20', 'Build trigger'],
  ['21', 'Run invocation'],
  ['22', 'Source repository visibility'],
];

/** A certificate from its DER bytes or PEM text; undefined for what is none. No signature and no chain is checked. */
export function readCertificate(encoded: Uint8Array | string): DocumentCertificate | undefined {
  if (encoded.length > MAX_BYTES) return undefined;
  try {
    return describe(new X509Certificate(encoded));
  } catch {
    // OpenSSL's reasons say nothing to a person; the document is shown without a certificate.
    return undefined;
  }
}

function describe(certificate: X509Certificate): DocumentCertificate {
  const extensions = readExtensions(certificate.raw);
  const oidcIssuer = textOf(extensions.get(ISSUER)) ?? extensions.get(OLD_ISSUER)?.toString('utf8');
  return {
    subject: cut(oneLine(certificate.subject)),
    issuer: cut(oneLine(certificate.issuer)),
    altNames: splitNames(certificate.subjectAltName ?? ''),
    validFrom: new Date(certificate.validFrom).toISOString(),
    validTo: new Date(certificate.validTo).toISOString(),
    serialNumber: certificate.serialNumber,
    fingerprint: certificate.fingerprint256,
    ...(oidcIssuer === undefined ? {} : { oidcIssuer: cut(oidcIssuer) }),
    claims: CLAIMS.flatMap(([id, name]): Pair[] => {
      const text = textOf(extensions.get(`${FULCIO}.${id}`));
      return text === undefined ? [] : [[name, cut(text)]];
    }),
  };
}

function textOf(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined ? undefined : readUtf8String(bytes);
}

/** Node writes one part a line. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

/** `URI:https://…, email:alice@example.com`: names in quotes may have commas of their own. */
function splitNames(names: string): string[] {
  if (names === '') return [];
  const parts = names.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/gs) ?? [];
  return parts.slice(0, MAX_NAMES).map((name) => cut(name.trim()));
}
