import type { AppError } from '#shared/api/app-error.ts';
import { toApiError } from '../host/index.ts';

/** What a failed call says of itself, for the one place that makes text of it. */
export function appErrorOf(error: unknown): AppError {
  return toApiError(error).appError;
}
