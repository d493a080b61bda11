import { mapEventIterator } from '@orpc/client';
import { implement, ORPCError } from '@orpc/server';
import { contract } from '#shared/api/contract.ts';
import type { Logger } from '../core/ports.ts';
import { toAppError } from './to-app-error.ts';

type Options = {
  readonly logger: Logger;
  /** Parse every answer by its schema: in tests and development. */
  readonly validateOutputs: boolean;
};

/**
 * The contract, ready for handlers, with the error boundary outermost: oRPC validates input and output inside it, so
 * whatever goes wrong leaves as `APP_ERROR`, also from within a stream.
 */
export function implementContract({ logger, validateOutputs }: Options) {
  // NaN is oRPC's documented way to say "at no point".
  const config = validateOutputs ? {} : { initialOutputValidationIndex: Number.NaN };
  return implement(contract, config).use(async ({ next, signal }) => {
    const refuse = (error: unknown): ORPCError<string, unknown> =>
      new ORPCError('APP_ERROR', { defined: true, status: 422, data: toAppError(error, { logger, signal }) });
    try {
      const result = await next();
      if (!isStream(result.output)) return result;
      const output: unknown = mapEventIterator(result.output, {
        value: async (value) => value,
        error: async (failure) => refuse(failure),
      });
      return { ...result, output };
    } catch (error) {
      throw refuse(error);
    }
  });
}

/** What handlers are written against. */
export type Implementer = ReturnType<typeof implementContract>;

function isStream(output: unknown): output is AsyncIterableIterator<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'next' in output;
}
