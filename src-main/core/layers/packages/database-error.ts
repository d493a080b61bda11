import { GantryError } from '../../gantry-error.ts';

/** A package database is not what it should be. Told beside the packages of the others, never instead of them. */
export class DatabaseError extends GantryError {
  override readonly name = 'DatabaseError';
  readonly kind = 'package-database';
}
