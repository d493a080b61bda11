import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { InvalidInputError } from '../../gantry-error.ts';
import type { TlsChoice } from '../registry-client.ts';

/** What a person gave for one registry's TLS, read and found to fit together. */
export type TlsMaterial = {
  /** Tells two materials apart, and says nothing of what is in them. */
  readonly id: string;
  /** Authorities in PEM, trusted besides the system's. */
  readonly authorities: readonly string[];
  /** Offered to this registry's own host and port, and to nobody else. */
  readonly client?: ClientIdentity;
};

type ClientIdentity = {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly passphrase?: string;
};

const NO_MATERIAL: TlsMaterial = { id: '', authorities: [] };
const MAX_CERTIFICATES = 500;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * Reads the PEM texts of a registry before any connection is made, so that what is wrong with them is told by field.
 * Text around the blocks is passed over, as OpenSSL's own output has it.
 * @throws {InvalidInputError} `tls.caPem`, `tls.clientCertificate.pem`, `tls.clientCertificate.key.pem`,
 *   `tls.clientCertificate.key.passphrase`
 */
export function readTlsMaterial(choice: TlsChoice | undefined): TlsMaterial {
  const caPem = choice?.caPem?.trim() ?? '';
  if (caPem === '' && choice?.client === undefined) return NO_MATERIAL;
  const authorities = caPem === '' ? [] : readCertificates(caPem, 'tls.caPem').map((each) => each.toString());
  const client = choice?.client === undefined ? undefined : readIdentity(choice.client);
  const id = createHash('sha256')
    .update(JSON.stringify([authorities, client]))
    .digest('hex');
  return { id, authorities, ...(client === undefined ? {} : { client }) };
}

function readIdentity(given: ClientIdentity): ClientIdentity {
  const certificates = readCertificates(given.certificatePem, 'tls.clientCertificate.pem');
  const key = readKey(given);
  const [leaf] = certificates;
  if (leaf?.checkPrivateKey(key) !== true) {
    const hasTwin = certificates.some((each) => each.checkPrivateKey(key));
    const why = hasTwin ? 'the certificate of this key must come first' : 'the key does not belong to the certificate';
    throw new InvalidInputError('tls.clientCertificate.key.pem', why);
  }
  const certificatePem = certificates.map((each) => each.toString()).join('');
  const keyPem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  checkTaken(certificatePem, keyPem);
  return { certificatePem, keyPem };
}

function readCertificates(pem: string, field: string): readonly X509Certificate[] {
  if (/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/.test(pem)) {
    throw new InvalidInputError(field, 'holds a private key, which does not belong here');
  }
  const wanted = pem.match(CERTIFICATE) ?? [];
  if (wanted.length === 0) throw new InvalidInputError(field, 'holds no certificate in PEM format');
  if (wanted.length > MAX_CERTIFICATES) {
    throw new InvalidInputError(field, `holds more than ${MAX_CERTIFICATES} certificates`);
  }
  return wanted.map((text, index) => {
    try {
      return new X509Certificate(text);
    } catch (cause) {
      const which = wanted.length === 1 ? 'the certificate' : `certificate ${index + 1}`;
      throw new InvalidInputError(field, `${which} is unreadable`, { cause });
    }
  });
}

function readKey({ keyPem, passphrase }: ClientIdentity): KeyObject {
  const isEncrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(keyPem);
  if (isEncrypted && (passphrase === undefined || passphrase === '')) {
    throw new InvalidInputError(
      'tls.clientCertificate.key.passphrase',
      'the key is encrypted: its passphrase is needed',
    );
  }
  try {
    return createPrivateKey({ key: keyPem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (cause) {
    // The cause may quote what was given, so only our own words are kept.
    if (isEncrypted) {
      throw new InvalidInputError('tls.clientCertificate.key.passphrase', 'does not open the key', { cause });
    }
    throw new InvalidInputError('tls.clientCertificate.key.pem', 'holds no private key in PEM format', { cause });
  }
}

/** What OpenSSL's security level refuses, such as RSA keys below 2048 bits, it refuses here and not at a connection. */
function checkTaken(cert: string, key: string): void {
  try {
    createSecureContext({ cert, key, minVersion: 'TLSv1.2' });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message.slice(0, 200) : 'unknown reason';
    throw new InvalidInputError('tls.clientCertificate.pem', `cannot be used: ${detail}`, { cause });
  }
}
