import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { pairsSchema } from '../oci/descriptor.ts';
import { digestSchema } from '../oci/digest.ts';
import { digestRefSchema, warningSchema } from './common.ts';
import { windowShape } from './file-rows.ts';
import { procedure } from './procedure.ts';
import { bytesProgressSchema } from './progress.ts';

/** A blob of a manifest: an SBOM, an attestation, a signature. `digest` is the manifest's, `blob` its blob's. */
export const documentRefSchema = digestRefSchema.extend({ blob: digestSchema });

export type DocumentRef = z.infer<typeof documentRefSchema>;

/** A name with the digests it had, as in-toto writes it: `sha256` and hex. */
export const documentSubjectSchema = z.object({ name: z.string(), digests: pairsSchema });

/** A certificate as it says of itself; nothing of it is checked. */
export const documentCertificateSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  /** Names it is for: `email:alice@example.com`, `URI:https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1`. */
  altNames: z.array(z.string()),
  validFrom: z.string(),
  validTo: z.string(),
  serialNumber: z.string(),
  /** SHA-256, hex with colons. */
  fingerprint: z.string(),
  /** Who vouched for the identity (Fulcio's extension), and what else its extensions say: `Source repository`. */
  oidcIssuer: z.string().optional(),
  claims: pairsSchema,
});
export type DocumentCertificate = z.infer<typeof documentCertificateSchema>;

/** What is signed and by what; never checked here. */
const signatureSchema = z.object({
  keyId: z.string().optional(),
  hasSignature: z.boolean(),
  certificate: documentCertificateSchema.optional(),
});

const logEntrySchema = z.object({
  logIndex: z.string().optional(),
  logId: z.string().optional(),
  /** ISO 8601. */
  integratedTime: z.string().optional(),
  kind: z.string().optional(),
});

/** Around a statement: DSSE signatures or a sigstore bundle. */
const envelopeSchema = z.object({
  format: z.enum(['none', 'dsse', 'sigstore-bundle']),
  payloadType: z.string().optional(),
  signatures: z.array(signatureSchema).max(100),
  transparencyLog: z.array(logEntrySchema).max(100),
  timestampCount: z.int(),
});

const materialSchema = z.object({ uri: z.string(), digests: pairsSchema });

export const provenanceSchema = z.object({
  version: z.enum(['v0.1', 'v0.2', 'v1']),
  builder: z.string().optional(),
  buildType: z.string().optional(),
  invocationId: z.string().optional(),
  startedOn: z.string().optional(),
  finishedOn: z.string().optional(),
  /** Where the source came from, and what of it was built. */
  source: z.object({ uri: z.string(), digests: pairsSchema, entryPoint: z.string().optional() }).optional(),
  /** `name = value`, nested ones with dots in the name; at most 500. */
  parameters: pairsSchema,
  materials: z.array(materialSchema).max(1000),
  materialCount: z.int(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const sbomPackageSchema = z.object({
  name: z.string(),
  version: z.string().optional(),
  /** `library`, `operating-system`; CycloneDX only. */
  type: z.string().optional(),
  license: z.string().optional(),
  supplier: z.string().optional(),
  purl: z.string().optional(),
  cpe: z.string().optional(),
  /** How it is called inside the document. */
  id: z.string().optional(),
});
export type SbomPackage = z.infer<typeof sbomPackageSchema>;

export const sbomSchema = z.object({
  format: z.enum(['spdx', 'cyclonedx']),
  /** `SPDX-2.3`, `1.6`. */
  version: z.string(),
  name: z.string().optional(),
  created: z.string().optional(),
  creators: z.array(z.string()).max(100),
  packageCount: z.int(),
  fileCount: z.int(),
  /** Packages past the limit of 200,000 are not kept. */
  isComplete: z.boolean(),
});
export type Sbom = z.infer<typeof sbomSchema>;

const statementFields = {
  /** Present where the document is an in-toto statement. */
  subjects: z.array(documentSubjectSchema).max(1000),
  subjectCount: z.int(),
  predicateType: z.string().optional(),
  envelope: envelopeSchema,
};

/** What a document says. Nothing in it is verified: no signature, no certificate, no log entry. */
export const documentViewSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sbom'), ...statementFields, sbom: sbomSchema }),
  z.object({ kind: z.literal('provenance'), ...statementFields, provenance: provenanceSchema }),
  /** Another predicate: vulnerabilities, VEX, a test result. Its first level as text. */
  z.object({ kind: z.literal('statement'), ...statementFields, fields: pairsSchema }),
  /** A bundle or envelope around something else than a statement. */
  z.object({ kind: z.literal('envelope'), ...statementFields }),
  /** Cosign's simple signing: what it signs, who claims to have, and what was added. */
  z.object({
    kind: z.literal('signature'),
    identity: z.string().optional(),
    manifestDigest: z.string().optional(),
    type: z.string().optional(),
    optional: pairsSchema,
    signature: signatureSchema,
    transparencyLog: z.array(logEntrySchema).max(100),
  }),
  /** Nothing that Gantry can read: shown as text or bytes by `manifests.rawBlob`. */
  z.object({
    kind: z.literal('other'),
    /** `too-complex`: it took more memory or time than a document may. */
    reason: z.enum(['unknown-format', 'not-json', 'bad-shape', 'too-deep', 'too-complex']),
  }),
]);
export type DocumentView = z.infer<typeof documentViewSchema>;

/** At most ten a second; `ready` is the last. */
export const readEventSchema = z.discriminatedUnion('kind', [
  bytesProgressSchema,
  z.object({
    kind: z.literal('ready'),
    mediaType: z.string(),
    sizeBytes: z.number(),
    annotations: pairsSchema,
    warnings: z.array(warningSchema),
    document: documentViewSchema,
  }),
]);
export type ReadDocumentEvent = z.infer<typeof readEventSchema>;

export const documentsContract = {
  /** At most 64 MiB; read and parsed apart, kept for a while. Ending the stream stops it at once. */
  read: procedure.input(documentRefSchema).output(eventIterator(readEventSchema)),

  /** The packages of an SBOM, by name; `query` is part of name, version, licence or purl, in any case. */
  packages: procedure
    .input(documentRefSchema.extend({ query: z.string().max(256).default(''), ...windowShape }))
    .output(z.object({ rows: z.array(sbomPackageSchema).max(1000), totalCount: z.int() })),
};
