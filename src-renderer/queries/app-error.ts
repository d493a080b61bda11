import type { AppError } from '#shared/api/app-error.ts';
import { toApiError } from '../host/index.ts';

/** What went wrong, of anything that was thrown by a call. */
export function appErrorOf(error: unknown): AppError {
  return toApiError(error).appError;
}
