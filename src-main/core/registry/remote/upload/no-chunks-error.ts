import type { RegistryError } from '../../transport/registry-error.ts';

/**
 * A registry does not take a blob in chunks, though it may say so: ECR answers 201 and drops what comes after the
 * first (containers-roadmap#2831). `told` is what a person hears when nothing else is left.
 */
export class NoChunksError extends Error {
  override readonly name = 'NoChunksError';
  readonly told: RegistryError;

  constructor(told: RegistryError) {
    super(told.message);
    this.told = told;
  }
}
