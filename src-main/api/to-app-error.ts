import { randomUUID } from 'node:crypto';
import { ORPCError, ValidationError } from '@orpc/server';
import { type AppError, appErrorSchema } from '#shared/api/app-error.ts';
import { OciError, type OciErrorKind } from '#shared/oci/oci-error.ts';
import {
  ArchiveError,
  ConflictError,
  ContentSizeError,
  CredentialHelperError,
  CredentialStoreError,
  DigestMismatchError,
  DiskError,
  InvalidInputError,
  NotFoundError,
  UnsupportedError,
} from '../core/gantry-error.ts';
import { JobStopped } from '../core/jobs/job-queue.ts';
import { FilesError } from '../core/layers/files-error.ts';
import type { Logger } from '../core/ports.ts';
import { RegistryError } from '../core/registry/transport/registry-error.ts';
import { isTemporary } from '../core/registry/transport/temporary.ts';
import { describeSqliteError } from '../core/storage/sqlite-error.ts';
import { TransferError } from '../core/transfer/transfer-error.ts';

type Options = {
  readonly logger: Logger;
  /** The caller's: once it is aborted every failure is `cancelled`, whatever it looked like on the way. */
  readonly signal?: AbortSignal | undefined;
};

const MAX_ISSUES = 20;

/**
 * The only place where an Error becomes an `AppError`. What it does not know becomes `internal` with an incident id;
 * its message and stack are written to the log under that id and cross no wire.
 */
export function toAppError(error: unknown, { logger, signal }: Options): AppError {
  if (isCancellation(error, signal)) return { kind: 'cancelled' };
  return fromInputError(error) ?? fromEngineError(error) ?? fromFileError(error) ?? internal(error, logger);
}

function isCancellation(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted === true) return true;
  if (error instanceof RegistryError) return error.kind === 'cancelled';
  if (error instanceof JobStopped) return true;
  return error instanceof Error && error.name === 'AbortError';
}

/** Input that its schema refused. Zod's messages name what was expected; they do not repeat what was sent. */
function fromInputError(error: unknown): AppError | undefined {
  if (error instanceof InvalidInputError) {
    return { kind: 'invalid-input', issues: [{ path: error.path, message: error.message }] };
  }
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return undefined;
  const issues = error.cause instanceof ValidationError ? error.cause.issues : [];
  return {
    kind: 'invalid-input',
    issues: issues.slice(0, MAX_ISSUES).map(({ path = [], message }) => ({
      path: path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.'),
      message,
    })),
  };
}

function fromEngineError(error: unknown): AppError | undefined {
  if (error instanceof RegistryError) return fromRegistryError(error);
  if (error instanceof OciError) return fromOciError(error);
  if (error instanceof ConflictError) return { kind: 'conflict', what: error.what };
  if (error instanceof UnsupportedError) {
    return { kind: 'unsupported', feature: error.feature, detail: error.detail };
  }
  if (error instanceof NotFoundError) return { kind: 'not-found', what: error.what, codes: [] };
  if (error instanceof CredentialHelperError) {
    const { helper, reason, source, detail } = error;
    return { kind: 'credential-helper', helper, reason, source, detail };
  }
  if (error instanceof FilesError) return { kind: 'files', reason: error.reason, detail: error.detail };
  if (error instanceof CredentialStoreError) return { kind: 'credential-store', reason: error.reason };
  return fromContentError(error);
}

/** What went wrong with content on its way from one end to another, other than at a registry. */
function fromContentError(error: unknown): AppError | undefined {
  if (error instanceof TransferError) return { kind: 'transfer', reason: error.reason, detail: error.detail };
  if (error instanceof ArchiveError) {
    const { reason, archive, detail } = error;
    return { kind: 'archive', reason, archive, detail };
  }
  if (error instanceof DigestMismatchError) {
    return { kind: 'digest-mismatch', expected: error.expected, actual: error.actual };
  }
  if (error instanceof ContentSizeError) return { kind: 'protocol', reason: 'bad-size', detail: error.message };
  if (!(error instanceof DiskError)) return undefined;
  const { reason, place, keptBytes } = error;
  return {
    kind: 'disk',
    reason,
    ...(place === undefined ? {} : { place }),
    ...(keptBytes === undefined ? {} : { keptBytes }),
  };
}

/** The two shapes are the same field by field; the schema proves it and drops whatever is not in it. */
function fromRegistryError(error: RegistryError): AppError | undefined {
  const { failure, trace } = error;
  const where = { ...(trace === undefined ? {} : { trace }), ...(isTemporary(error) ? { temporary: true } : {}) };
  return appErrorSchema.safeParse({ ...failure, ...where }).data;
}

/** A document from a registry that our parsers refuse. What a person typed never gets here: handlers check it first. */
function fromOciError(error: OciError): AppError {
  return { kind: 'protocol', reason: OCI_REASONS[error.kind], detail: error.message };
}

const OCI_REASONS = {
  'not-json': 'not-json',
  'too-deep': 'too-deep',
  'bad-size': 'bad-size',
  ambiguous: 'ambiguous',
  'bad-shape': 'bad-shape',
  limit: 'bad-shape',
  'digest-syntax': 'bad-shape',
  'reference-syntax': 'bad-shape',
  'host-syntax': 'bad-shape',
  'platform-syntax': 'bad-shape',
} as const satisfies Record<OciErrorKind, string>;

const FILE_ERRORS: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EROFS', 'the disk is read-only'],
  ['EACCES', 'no permission to use the data folder'],
  ['EPERM', 'no permission to use the data folder'],
  ['EIO', 'the disk cannot be read or written'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open'],
]);

/** Failures of our own files. Only errors of the file system carry both `code` and `syscall`. */
function fromFileError(error: unknown): AppError | undefined {
  const sqlite = describeSqliteError(error);
  if (sqlite !== undefined) return { kind: 'disk', reason: sqlite };
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  const reason = FILE_ERRORS.get(String(error.code));
  return reason === undefined ? undefined : { kind: 'disk', reason };
}

function internal(error: unknown, logger: Logger): AppError {
  const incidentId = randomUUID();
  const fields = error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : {};
  logger.log('error', 'api.internal-error', { incidentId, ...fields });
  return { kind: 'internal', incidentId };
}
