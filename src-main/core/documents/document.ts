import type { Pair } from './fields.ts';

// The contract has the same shapes as schemas (`src-shared/api/documents.ts`), which the engine may not import.

export type DocumentSubject = { readonly name: string; readonly digests: Pair[] };

/** A certificate as it says of itself; nothing of it is checked. */
export type DocumentCertificate = {
  readonly subject: string;
  readonly issuer: string;
  readonly altNames: string[];
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly serialNumber: string;
  readonly fingerprint: string;
  readonly oidcIssuer?: string;
  readonly claims: Pair[];
};

export type DocumentSignature = {
  readonly keyId?: string;
  readonly hasSignature: boolean;
  readonly certificate?: DocumentCertificate;
};

export type LogEntry = {
  readonly logIndex?: string;
  readonly logId?: string;
  readonly integratedTime?: string;
  readonly kind?: string;
};

/** What stands around a statement. */
export type Envelope = {
  readonly format: 'none' | 'dsse' | 'sigstore-bundle';
  readonly payloadType?: string;
  readonly signatures: DocumentSignature[];
  readonly transparencyLog: LogEntry[];
  readonly timestampCount: number;
};

export type Provenance = {
  readonly version: 'v0.1' | 'v0.2' | 'v1';
  readonly builder?: string;
  readonly buildType?: string;
  readonly invocationId?: string;
  readonly startedOn?: string;
  readonly finishedOn?: string;
  readonly source?: { readonly uri: string; readonly digests: Pair[]; readonly entryPoint?: string };
  readonly parameters: Pair[];
  readonly materials: { readonly uri: string; readonly digests: Pair[] }[];
  readonly materialCount: number;
};

export type SbomPackage = {
  readonly name: string;
  readonly version?: string;
  readonly type?: string;
  readonly license?: string;
  readonly supplier?: string;
  readonly purl?: string;
  readonly cpe?: string;
  readonly id?: string;
};

export type Sbom = {
  readonly format: 'spdx' | 'cyclonedx';
  readonly version: string;
  readonly name?: string;
  readonly created?: string;
  readonly creators: string[];
  readonly packageCount: number;
  readonly fileCount: number;
  readonly isComplete: boolean;
};

type StatementFields = {
  readonly subjects: DocumentSubject[];
  readonly subjectCount: number;
  readonly predicateType?: string;
  readonly envelope: Envelope;
};

/** What a document says. Nothing in it is verified. */
export type DocumentView =
  | (StatementFields & { readonly kind: 'sbom'; readonly sbom: Sbom })
  | (StatementFields & { readonly kind: 'provenance'; readonly provenance: Provenance })
  | (StatementFields & { readonly kind: 'statement'; readonly fields: Pair[] })
  | (StatementFields & { readonly kind: 'envelope' })
  | {
      readonly kind: 'signature';
      readonly identity?: string;
      readonly manifestDigest?: string;
      readonly type?: string;
      readonly optional: Pair[];
      readonly signature: DocumentSignature;
      readonly transparencyLog: LogEntry[];
    }
  | {
      readonly kind: 'other';
      readonly reason: 'unknown-format' | 'not-json' | 'bad-shape' | 'too-deep' | 'too-complex';
    };

/** A decoded document, and the packages of an SBOM, which may be very many. */
export type Decoded = { readonly view: DocumentView; readonly packages: readonly SbomPackage[] };

/** What the manifest says of the blob that is decoded. */
export type DocumentSource = {
  readonly mediaType: string;
  readonly annotations: ReadonlyArray<readonly [name: string, value: string]>;
};
