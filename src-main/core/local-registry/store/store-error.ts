import { GantryError } from '../../gantry-error.ts';

/** No such upload session in this repository: never opened, finished, cancelled or swept. */
export class UploadUnknownError extends GantryError {
  override readonly name = 'UploadUnknownError';
  readonly kind = 'not-found';

  constructor() {
    super('no such upload session');
  }
}

/** A chunk does not begin where the session ends. `receivedBytes` is where the next one must begin. */
export class UploadRangeError extends GantryError {
  override readonly name = 'UploadRangeError';
  readonly kind = 'conflict';
  readonly receivedBytes: number;

  constructor(receivedBytes: number) {
    super(`the next chunk begins at byte ${receivedBytes}`);
    this.receivedBytes = receivedBytes;
  }
}

/** A manifest names content that its repository does not have. Nothing was stored. */
export class ContentMissingError extends GantryError {
  override readonly name = 'ContentMissingError';
  readonly kind = 'not-found';
  readonly what: 'blob' | 'manifest';
  readonly digest: string;

  constructor(what: 'blob' | 'manifest', digest: string) {
    super(`the repository has no ${what} ${digest}`);
    this.what = what;
    this.digest = digest;
  }
}
