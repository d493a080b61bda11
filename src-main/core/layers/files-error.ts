import { GantryError } from '../gantry-error.ts';

/** Why looking inside an image failed; named as in the wire's `files` error. */
export type FilesErrorReason =
  /** It was let go meanwhile, and has to be opened first. */
  | 'not-open'
  | 'not-an-image'
  | 'no-such-path'
  | 'not-a-directory'
  | 'not-a-file'
  | 'broken-link'
  | 'too-many-links'
  /** The layer was not read, or is foreign. */
  | 'no-content'
  | 'unsafe-path'
  | 'too-many-entries';

/** What is in an image, or what was asked of it, does not allow the answer. `detail` is a path or a number. */
export class FilesError extends GantryError {
  override readonly name = 'FilesError';
  readonly kind = 'files';
  readonly reason: FilesErrorReason;
  readonly detail: string;

  constructor(reason: FilesErrorReason, detail: string, options?: ErrorOptions) {
    super(`files: ${reason}`, options);
    this.reason = reason;
    this.detail = detail;
  }
}
