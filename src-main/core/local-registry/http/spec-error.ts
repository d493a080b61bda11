import { GantryError } from '../../gantry-error.ts';

/** Spec: OCI distribution 1.1, "Error Codes"; the last two are what distribution itself adds. */
export type SpecErrorCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'BLOB_UPLOAD_UNKNOWN'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'SIZE_INVALID'
  | 'DENIED'
  | 'UNSUPPORTED'
  | 'PAGINATION_NUMBER_INVALID'
  | 'UNKNOWN';

export type ResponseHeaders = Readonly<Record<string, string | number>>;

/** A request that is answered with an error body. `message` and `detail` are sent as they are: no paths, no stacks. */
export class SpecError extends GantryError {
  override readonly name = 'SpecError';
  readonly kind = 'refused';
  readonly status: number;
  readonly code: SpecErrorCode;
  readonly detail: unknown;
  readonly headers: ResponseHeaders;

  constructor(
    status: number,
    code: SpecErrorCode,
    message: string,
    more: { detail?: unknown; headers?: ResponseHeaders } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = more.detail;
    this.headers = more.headers ?? {};
  }
}

/** 404 for a blob this repository does not have. */
export function blobUnknown(digest: string): SpecError {
  return new SpecError(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { detail: { digest } });
}

/** 404 for a repository that holds no manifest. */
export function nameUnknown(repository: string): SpecError {
  return new SpecError(404, 'NAME_UNKNOWN', 'repository name not known to registry', { detail: { name: repository } });
}
