import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { InvalidInputError } from '../gantry-error.ts';

/** A private key as a person gave it, or the one that is stored. */
type ClientKeyInput =
  | { readonly kind: 'set'; readonly pem: string; readonly passphrase?: string | undefined }
  | { readonly kind: 'unchanged' };

/** PEM texts as a person gave them. */
export type TlsInput = {
  readonly caPem?: string | undefined;
  readonly clientCertificate?: { readonly pem: string; readonly key: ClientKeyInput } | undefined;
};

/** A key and the passphrase it is locked with. Secret. */
export type ClientKey = { readonly pem: string; readonly passphrase?: string };

/** The same, parsed: certificates only in the first two texts, whatever else stood in the files. */
export type CheckedTls = {
  readonly caPem: string | undefined;
  readonly clientCertificatePem: string | undefined;
  readonly clientKey: ClientKey | 'unchanged' | undefined;
};

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\S]+?-----END (?:[A-Z]+ )?PRIVATE KEY-----/;

/** @throws {InvalidInputError} paths `tls.caPem`, `tls.clientCertificate.pem`, `tls.clientCertificate.key` */
export function checkTls({ caPem, clientCertificate }: TlsInput): CheckedTls {
  const ca = caPem === undefined || caPem.trim() === '' ? undefined : certificatesIn(caPem, 'tls.caPem');
  if (clientCertificate === undefined) return { caPem: ca, clientCertificatePem: undefined, clientKey: undefined };
  const pem = certificatesIn(clientCertificate.pem, 'tls.clientCertificate.pem');
  const { key } = clientCertificate;
  const clientKey = key.kind === 'set' ? checkClientKey(key, pem) : key.kind;
  return { caPem: ca, clientCertificatePem: pem, clientKey };
}

/** Whether the key belongs to the certificate. @throws {InvalidInputError} path `tls.clientCertificate.key` */
export function checkKeyMatches(key: ClientKey, certificatePem: string): void {
  if (new X509Certificate(certificatePem).checkPrivateKey(openKey(key))) return;
  throw new InvalidInputError('tls.clientCertificate.key', 'the key does not belong to the certificate');
}

function checkClientKey(input: Extract<ClientKeyInput, { kind: 'set' }>, certificatePem: string): ClientKey {
  const pem = PRIVATE_KEY.exec(input.pem)?.[0];
  if (pem === undefined) throw new InvalidInputError('tls.clientCertificate.key', 'no private key in PEM form');
  const key: ClientKey = {
    pem: `${pem}\n`,
    ...(input.passphrase === undefined || input.passphrase === '' ? {} : { passphrase: input.passphrase }),
  };
  checkKeyMatches(key, certificatePem);
  return key;
}

/** The library's own words are not repeated: they say nothing to a person, and nobody has checked what they quote. */
function openKey({ pem, passphrase }: ClientKey): KeyObject {
  try {
    return createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    const isLocked = /ENCRYPTED/.test(pem);
    const why = passphrase === undefined ? 'the key needs its passphrase' : 'the passphrase does not open the key';
    throw new InvalidInputError('tls.clientCertificate.key', isLocked ? why : 'not a private key', { cause: error });
  }
}

/** Only the certificates: a key pasted along with them must not be kept where certificates are. */
function certificatesIn(text: string, path: string): string {
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) throw new InvalidInputError(path, 'no certificate in PEM form');
  try {
    return blocks.map((block) => new X509Certificate(block).toString()).join('');
  } catch (error) {
    throw new InvalidInputError(path, 'a certificate in it cannot be read', { cause: error });
  }
}
