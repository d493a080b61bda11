import { oc } from '@orpc/contract';
import { appErrorSchema } from './app-error.ts';

/**
 * The base of every procedure: one defined error, `APP_ERROR`, whose data is the `AppError` union.
 * Status 422 keeps it apart from transport failures on HTTP (401, 403, 413, 421 belong to the guard).
 */
export const procedure = oc.errors({ APP_ERROR: { status: 422, data: appErrorSchema } });
