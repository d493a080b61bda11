/**
 * The base of every error the engine throws on purpose. `kind` is the name to switch on and matches a kind of
 * the wire's `AppError` where there is one; `cause` is kept for the log and never crosses the wire.
 */
export abstract class GantryError extends Error {
  abstract readonly kind: string;
}

/** A secret could not be read, written or deleted. `reason` is the store's own words. */
export class CredentialStoreError extends GantryError {
  override readonly name = 'CredentialStoreError';
  readonly kind = 'credential-store';
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`credential store: ${reason}`, options);
    this.reason = reason;
  }
}

export type CredentialHelperReason = 'bad-name' | 'not-found' | 'timeout' | 'failed' | 'bad-answer';

/** A docker credential helper failed. Nothing else is tried in its place (SECURITY-CASES V17). */
export class CredentialHelperError extends GantryError {
  override readonly name = 'CredentialHelperError';
  readonly kind = 'credential-helper';
  /** `pass` of `docker-credential-pass`. */
  readonly helper: string;
  readonly reason: CredentialHelperReason;
  /** The config file that names the helper. */
  readonly source: string;
  /** The helper's own words, cut and without secrets. */
  readonly detail: string;

  constructor(
    failure: {
      readonly helper: string;
      readonly reason: CredentialHelperReason;
      readonly source: string;
      readonly detail: string;
    },
    options?: ErrorOptions,
  ) {
    super(`credential helper ${failure.helper}: ${failure.reason}`, options);
    this.helper = failure.helper;
    this.reason = failure.reason;
    this.source = failure.source;
    this.detail = failure.detail;
  }
}

/** What is asked for contradicts what is there: a registry added twice, the Local registry removed. */
export class ConflictError extends GantryError {
  override readonly name = 'ConflictError';
  readonly kind = 'conflict';
  readonly what: string;

  constructor(what: string) {
    super(what);
    this.what = what;
  }
}

/** What is named is not there, or not any more: a registry that another window has removed, an archive that was closed. */
export class NotFoundError extends GantryError {
  override readonly name = 'NotFoundError';
  readonly kind = 'not-found';
  readonly what: 'registry' | 'archive' | 'transfer';

  constructor(what: 'registry' | 'archive' | 'transfer') {
    super(`${what} not found`);
    this.what = what;
  }
}

/** Something that is not done here. `host`: by this host; `detail` says what. */
export class UnsupportedError extends GantryError {
  override readonly name = 'UnsupportedError';
  readonly kind = 'unsupported';
  readonly feature: 'host';
  readonly detail: string;

  constructor(feature: 'host', detail: string) {
    super(`unsupported: ${feature}: ${detail}`);
    this.feature = feature;
    this.detail = detail;
  }
}

/** Input that passed its schema and is still unusable. `path` names the field. */
export class InvalidInputError extends GantryError {
  override readonly name = 'InvalidInputError';
  readonly kind = 'invalid-input';
  readonly path: string;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** Bytes do not hash to the digest they were announced with. Nothing was stored. */
export class DigestMismatchError extends GantryError {
  override readonly name = 'DigestMismatchError';
  readonly kind = 'digest-mismatch';
  readonly expected: string;
  readonly actual: string;

  constructor(expected: string, actual: string) {
    super(`the content hashes to ${actual}, not to ${expected}`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** More or fewer bytes came than the descriptor promises. Nothing was stored. */
export class ContentSizeError extends GantryError {
  override readonly name = 'ContentSizeError';
  readonly kind = 'protocol';
  readonly expectedBytes: number;

  constructor(expectedBytes: number, receivedBytes: number) {
    super(`${receivedBytes} bytes came where ${expectedBytes} were promised`);
    this.expectedBytes = expectedBytes;
  }
}

type DiskErrorOptions = ErrorOptions & {
  /** The file or folder a person chose, by name; absent for our own files. */
  readonly place?: string;
  /** Bytes that are kept there, so that trying again goes on from them. */
  readonly keptBytes?: number;
};

/** A read or write of our own files, or of one that a person chose, failed. */
export class DiskError extends GantryError {
  override readonly name = 'DiskError';
  readonly kind = 'disk';
  readonly reason: string;
  readonly place: string | undefined;
  readonly keptBytes: number | undefined;

  constructor(reason: string, options?: DiskErrorOptions) {
    super(`disk: ${reason}`, options);
    this.reason = reason;
    this.place = options?.place;
    this.keptBytes = options?.keptBytes;
  }
}

/**
 * - `not-an-archive`: neither a tar of a known kind nor a layout folder.
 * - `truncated`: it ends in the middle, or without the end of a tar.
 * - `bad-entry`: a tar header that breaks POSIX, can be read in two ways, or is of a kind no archive of images has.
 * - `bad-path`: a name or link that leads out of the archive.
 * - `bad-document`: `index.json`, `manifest.json` or a config is not what it should be.
 * - `missing-blob`, `missing-image`: named and not there.
 * - `damaged`: the bytes are not what their name or descriptor says.
 * - `too-large`: beyond a bound, so it is not read.
 * - `changed`: another file than the one that was opened before.
 * - `choose-platform`: a docker tar holds one platform of an image.
 * - `not-an-image`: a docker tar holds images and nothing else.
 */
export type ArchiveReason =
  | 'not-an-archive'
  | 'truncated'
  | 'bad-entry'
  | 'bad-path'
  | 'bad-document'
  | 'missing-blob'
  | 'missing-image'
  | 'damaged'
  | 'too-large'
  | 'changed'
  | 'choose-platform'
  | 'not-an-image';

/** An archive or layout folder cannot be read or written as one. `detail` may hold text of the archive, cut. */
export class ArchiveError extends GantryError {
  override readonly name = 'ArchiveError';
  readonly kind = 'archive';
  readonly reason: ArchiveReason;
  /** What a person calls the archive: the last part of its path. */
  readonly archive: string;
  readonly detail: string;

  constructor(reason: ArchiveReason, archive: string, detail: string, options?: ErrorOptions) {
    super(`archive ${archive}: ${reason}: ${detail}`, options);
    this.reason = reason;
    this.archive = archive;
    this.detail = detail.slice(0, 500);
  }
}
