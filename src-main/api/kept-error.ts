import { type AppError, appErrorSchema } from '#shared/api/app-error.ts';
import type { Logger } from '../core/ports.ts';
import { toAppError } from './to-app-error.ts';

/** An error as text that is kept: what the wire would have said, so that nothing secret is in it. */
export function formatError(error: unknown, logger: Logger): string {
  return JSON.stringify(toAppError(error, { logger }));
}

/** What was kept; `internal` without an incident for what another version has written. */
export function parseError(text: string): AppError {
  return readError(text) ?? { kind: 'internal', incidentId: 'unknown' };
}

function readError(text: string): AppError | undefined {
  try {
    return appErrorSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
