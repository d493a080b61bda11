import { parseJson } from '#shared/oci/json.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { readCertificate } from './certificate.ts';
import type { Decoded, DocumentSource, DocumentSubject, DocumentView, Envelope, LogEntry } from './document.ts';
import { noEnvelope, openEnvelope, toInstant } from './envelope.ts';
import { at, flatPairs, isFields, listAt, numberTextAt, textAt } from './fields.ts';
import { digestsOf, present, provenanceVersion, readProvenance } from './provenance.ts';
import { readSbom } from './sbom.ts';

const MAX_SUBJECTS = 1000;
const MAX_FIELDS = 500;
const STATEMENT = /^https:\/\/in-toto\.io\/Statement\//;

/**
 * What a blob says: an SBOM, an in-toto statement with or without DSSE or a sigstore bundle around it, or cosign's
 * simple signing. Decided by what is in it, since media types lie. Never throws for what is in it; nothing is verified.
 */
export function decodeDocument(bytes: Uint8Array, source: DocumentSource): Decoded {
  const parsed = parse(bytes);
  if (parsed.kind === 'failed') return { view: parsed.view, packages: [] };
  const opened = openEnvelope(parsed.value);
  if (opened === undefined) return decodeContent(parsed.value, noEnvelope(), source);
  const payload = opened.payload === undefined ? undefined : parse(opened.payload);
  if (payload?.kind !== 'parsed') return { view: envelopeView(opened.envelope), packages: [] };
  return decodeContent(payload.value, opened.envelope, source);
}

type Parsed =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly view: DocumentView };

function parse(bytes: Uint8Array): Parsed {
  try {
    return { kind: 'parsed', value: parseJson(bytes) };
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    const reason = error.kind === 'too-deep' ? 'too-deep' : 'not-json';
    return { kind: 'failed', view: { kind: 'other', reason } };
  }
}

function decodeContent(value: unknown, envelope: Envelope, source: DocumentSource): Decoded {
  if (STATEMENT.test(textAt(value, '_type') ?? '')) return decodeStatement(value, envelope);
  const sbom = readSbom(value);
  if (sbom !== undefined) {
    return {
      view: { kind: 'sbom', subjects: [], subjectCount: 0, envelope, sbom: sbom.sbom },
      packages: sbom.packages,
    };
  }
  if (envelope.format !== 'none') return { view: envelopeView(envelope), packages: [] };
  return { view: signatureView(value, source) ?? unknownView(value), packages: [] };
}

function envelopeView(envelope: Envelope): DocumentView {
  return { kind: 'envelope', subjects: [], subjectCount: 0, envelope };
}

function unknownView(value: unknown): DocumentView {
  return { kind: 'other', reason: isFields(value) ? 'unknown-format' : 'bad-shape' };
}

/** Spec: in-toto attestation framework, statement v0.1 and v1. */
function decodeStatement(value: unknown, envelope: Envelope): Decoded {
  const subjects = listAt(value, 'subject');
  const predicateType = textAt(value, 'predicateType');
  const fields = {
    subjects: subjects.slice(0, MAX_SUBJECTS).map(toSubject),
    subjectCount: subjects.length,
    ...present({ predicateType }),
    envelope,
  };
  const predicate = unwrap(at(value, 'predicate'));
  const version = provenanceVersion(predicateType ?? '');
  if (version !== undefined) {
    return { view: { kind: 'provenance', ...fields, provenance: readProvenance(predicate, version) }, packages: [] };
  }
  const sbom = readSbom(predicate);
  if (sbom !== undefined) return { view: { kind: 'sbom', ...fields, sbom: sbom.sbom }, packages: sbom.packages };
  return { view: { kind: 'statement', ...fields, fields: flatPairs(predicate, MAX_FIELDS) }, packages: [] };
}

function toSubject(subject: unknown): DocumentSubject {
  return { name: textAt(subject, 'name') ?? '', digests: digestsOf(subject) };
}

/** Older cosign put the whole document as text into `Data`. */
function unwrap(predicate: unknown): unknown {
  const data = at(predicate, 'Data');
  if (typeof data !== 'string') return predicate;
  const parsed = parse(Buffer.from(data, 'utf8'));
  return parsed.kind === 'parsed' && isFields(parsed.value) ? parsed.value : predicate;
}

/** Spec: containers/image, "simple signing"; cosign's SIGNATURE_SPEC for the annotations. */
function signatureView(value: unknown, { annotations }: DocumentSource): DocumentView | undefined {
  const critical = at(value, 'critical');
  if (!isFields(critical)) return undefined;
  const annotation = (name: string): string | undefined => annotations.find(([key]) => key === name)?.[1];
  const pem = annotation('dev.sigstore.cosign/certificate');
  const certificate = pem === undefined ? undefined : readCertificate(pem);
  return {
    kind: 'signature',
    ...present({
      identity: textAt(critical, 'identity', 'docker-reference'),
      manifestDigest: textAt(critical, 'image', 'docker-manifest-digest'),
      type: textAt(critical, 'type'),
    }),
    optional: flatPairs(at(value, 'optional'), MAX_FIELDS),
    signature: {
      hasSignature: (annotation('dev.cosignproject.cosign/signature') ?? '') !== '',
      ...(certificate === undefined ? {} : { certificate }),
    },
    transparencyLog: logOf(annotation('dev.sigstore.cosign/bundle')),
  };
}

/** Cosign's own bundle, before sigstore's: the answer of the log. */
function logOf(bundle: string | undefined): LogEntry[] {
  const parsed = bundle === undefined ? undefined : parse(Buffer.from(bundle, 'utf8'));
  const payload = parsed?.kind === 'parsed' ? at(parsed.value, 'Payload') : undefined;
  if (!isFields(payload)) return [];
  const fields = {
    logIndex: numberTextAt(payload, 'logIndex'),
    logId: textAt(payload, 'logID'),
    integratedTime: toInstant(numberTextAt(payload, 'integratedTime')),
  };
  return [present(fields)];
}
