import { ORPCError } from '@orpc/client';
import { type AppError, appErrorSchema } from '#shared/api/app-error.ts';

/** What every failed call of the api throws: the reason as data, for one exhaustive switch. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly appError: AppError;

  constructor(appError: AppError, options?: ErrorOptions) {
    super(appError.kind, options);
    this.appError = appError;
  }
}

/** The guard's answers on HTTP, before any procedure runs. All else without an AppError is a host that is gone. */
function fromStatus(error: ORPCError<string, unknown>): AppError {
  if (error.status === 401) return { kind: 'host-unreachable', reason: 'session' };
  if (error.status === 413) return { kind: 'too-large', limitBytes: 1024 * 1024, what: 'request' };
  return { kind: 'host-unreachable', reason: 'gone' };
}

/** Whatever a call threw, as an `ApiError`. After `signal` has aborted it is `cancelled`, whatever broke first. */
export function toApiError(error: unknown, signal?: AbortSignal): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(toAppError(error, signal), { cause: error });
}

function toAppError(error: unknown, signal: AbortSignal | undefined): AppError {
  if (signal?.aborted === true) return { kind: 'cancelled' };
  if (!(error instanceof ORPCError)) return { kind: 'host-unreachable', reason: 'gone' };
  const told = appErrorSchema.safeParse(error.data);
  return told.success ? told.data : fromStatus(error);
}
