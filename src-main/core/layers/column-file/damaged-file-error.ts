import { GantryError } from '../../gantry-error.ts';

/** A file of ours is damaged or of another version: it is to be made anew, nothing is lost (K03). */
export class DamagedFileError extends GantryError {
  override readonly name = 'DamagedFileError';
  readonly kind = 'damaged-file';

  constructor(why: string) {
    super(`a kept file is damaged: ${why}`);
  }
}
