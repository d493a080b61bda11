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

/** What is named is not there, or not any more: a registry that another window has removed. */
export class NotFoundError extends GantryError {
  override readonly name = 'NotFoundError';
  readonly kind = 'not-found';
  readonly what: 'registry';

  constructor(what: 'registry') {
    super(`${what} not found`);
    this.what = what;
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

/** A read or write of our own files failed. */
export class DiskError extends GantryError {
  override readonly name = 'DiskError';
  readonly kind = 'disk';
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`disk: ${reason}`, options);
    this.reason = reason;
  }
}
