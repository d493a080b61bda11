import { ORPCError } from '@orpc/client';
import { type AppError, appErrorSchema } from '#shared/api/app-error.ts';

/** The `AppError` a call was refused with. Anything but the one defined error fails the test. */
export async function appErrorOf(call: Promise<unknown>): Promise<AppError> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof ORPCError && error.defined && error.code === 'APP_ERROR')
      return appErrorSchema.parse(error.data);
    throw error;
  }
  throw new Error(`expected a refusal, got ${JSON.stringify(answer)}`);
}
