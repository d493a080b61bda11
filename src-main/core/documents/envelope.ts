import { readCertificate } from './certificate.ts';
import type { DocumentCertificate, DocumentSignature, Envelope, LogEntry } from './document.ts';
import { at, isFields, listAt, numberTextAt, textAt } from './fields.ts';

const MAX_SIGNATURES = 100;
const BASE64 = /^[\w+/-]*={0,2}$/;

/** What stands around a payload, and the payload, if there is one. */
export type Opened = { readonly envelope: Envelope; readonly payload: Buffer | undefined };

/** Bytes of base64, of either alphabet; undefined for text that is none. */
export function fromBase64(text: unknown): Buffer | undefined {
  return typeof text === 'string' && BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
}

/**
 * Takes a DSSE envelope or sigstore bundle apart; undefined for what is neither.
 * Spec: secure-systems-lab/dsse, envelope.md; sigstore/protobuf-specs, sigstore_bundle.proto.
 */
export function openEnvelope(value: unknown): Opened | undefined {
  const mediaType = textAt(value, 'mediaType') ?? '';
  if (mediaType.startsWith('application/vnd.dev.sigstore.bundle')) return openBundle(value);
  const isDsse = textAt(value, 'payloadType') !== undefined && typeof at(value, 'payload') === 'string';
  return isDsse ? openDsse(value, 'dsse', undefined) : undefined;
}

function openDsse(
  value: unknown,
  format: 'dsse' | 'sigstore-bundle',
  certificate: DocumentCertificate | undefined,
): Opened {
  const payloadType = textAt(value, 'payloadType');
  const signatures = listAt(value, 'signatures').slice(0, MAX_SIGNATURES);
  return {
    envelope: {
      format,
      ...(payloadType === undefined ? {} : { payloadType }),
      signatures: signatures.map((signature) => toSignature(signature, certificate)),
      transparencyLog: [],
      timestampCount: 0,
    },
    payload: fromBase64(at(value, 'payload')),
  };
}

function toSignature(value: unknown, certificate: DocumentCertificate | undefined): DocumentSignature {
  const keyId = textAt(value, 'keyid');
  // GitHub and older cosign put the certificate beside the signature, as PEM.
  const own = textAt(value, 'cert');
  const shown = certificate ?? (own === undefined ? undefined : readCertificate(own));
  return {
    ...(keyId === undefined ? {} : { keyId }),
    hasSignature: textAt(value, 'sig') !== undefined,
    ...(shown === undefined ? {} : { certificate: shown }),
  };
}

function openBundle(value: unknown): Opened {
  const material = at(value, 'verificationMaterial');
  const certificate = bundleCertificate(material);
  const inner = at(value, 'dsseEnvelope');
  const opened: Opened = isFields(inner)
    ? openDsse(inner, 'sigstore-bundle', certificate)
    : {
        envelope: { ...EMPTY, format: 'sigstore-bundle', signatures: [messageSignature(value, certificate)] },
        payload: undefined,
      };
  return {
    ...opened,
    envelope: {
      ...opened.envelope,
      transparencyLog: listAt(material, 'tlogEntries').slice(0, MAX_SIGNATURES).map(toLogEntry),
      timestampCount: listAt(material, 'timestampVerificationData', 'rfc3161Timestamps').length,
    },
  };
}

/** Of a statement that stands alone. */
const EMPTY: Envelope = { format: 'none', signatures: [], transparencyLog: [], timestampCount: 0 };

/** Nothing stands around it. */
export function noEnvelope(): Envelope {
  return { ...EMPTY, signatures: [], transparencyLog: [] };
}

function messageSignature(value: unknown, certificate: DocumentCertificate | undefined): DocumentSignature {
  const keyId = textAt(value, 'verificationMaterial', 'publicKey', 'hint');
  return {
    ...(keyId === undefined ? {} : { keyId }),
    hasSignature: textAt(value, 'messageSignature', 'signature') !== undefined,
    ...(certificate === undefined ? {} : { certificate }),
  };
}

/** The leaf: alone in newer bundles, first of the chain in older ones. */
function bundleCertificate(material: unknown): DocumentCertificate | undefined {
  const [first] = listAt(material, 'x509CertificateChain', 'certificates');
  const raw = fromBase64(at(material, 'certificate', 'rawBytes')) ?? fromBase64(at(first, 'rawBytes'));
  return raw === undefined ? undefined : readCertificate(raw);
}

function toLogEntry(entry: unknown): LogEntry {
  const logIndex = numberTextAt(entry, 'logIndex');
  const logId = textAt(entry, 'logId', 'keyId');
  const integratedTime = toInstant(numberTextAt(entry, 'integratedTime'));
  const kind = textAt(entry, 'kindVersion', 'kind');
  return {
    ...(logIndex === undefined ? {} : { logIndex }),
    ...(logId === undefined ? {} : { logId }),
    ...(integratedTime === undefined ? {} : { integratedTime }),
    ...(kind === undefined ? {} : { kind }),
  };
}

/** Seconds since the epoch as ISO 8601; undefined for what is no time. */
export function toInstant(seconds: string | undefined): string | undefined {
  const number = Number(seconds ?? Number.NaN);
  // What a Date can say ends at the year 275760.
  return Number.isSafeInteger(number) && Math.abs(number) < 8.64e12 ? new Date(number * 1000).toISOString() : undefined;
}
