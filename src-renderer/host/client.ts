import {
  type Client as ProcedureClient,
  type ClientContext,
  type ClientLink,
  createORPCClient,
  mapEventIterator,
} from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#shared/api/contract.ts';
import { type ApiError, toApiError } from './api-error.ts';
import { createHttpLink } from './http-link.ts';
import { createMessagePortLink } from './message-port-link.ts';

/** Every procedure of the contract, typed. A failed call throws an `ApiError`, a stream does so while it is read. */
export type Client = ThrowsApiError<ContractRouterClient<Contract>>;

/** The same procedures, with the error that `withApiErrors` makes of every other. */
type ThrowsApiError<T> =
  T extends ProcedureClient<infer C, infer I, infer O, infer _E>
    ? ProcedureClient<C, I, O, ApiError>
    : { readonly [K in keyof T]: ThrowsApiError<T[K]> };

type Link = ClientLink<ClientContext>;

function isStream(output: unknown): output is AsyncIterator<unknown, unknown, void> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'next' in output;
}

/** Makes an `ApiError` of everything that a call or its stream can throw. */
export function withApiErrors(link: Link): Link {
  return {
    call: async (path, input, options) => {
      const refuse = async (error: unknown) => toApiError(error, options.signal);
      try {
        const output = await link.call(path, input, options);
        return isStream(output) ? mapEventIterator(output, { value: keep, error: refuse }) : output;
      } catch (error) {
        throw await refuse(error);
      }
    },
  };
}

async function keep(value: unknown): Promise<unknown> {
  return value;
}

/** The one place that knows how the host is reached: the preload of a desktop window leaves a mark. */
function createLink(): Link {
  return window.gantry !== undefined ? createMessagePortLink() : createHttpLink();
}

/** The engine. Nothing but queries/ calls it. */
export const api: Client = createORPCClient(withApiErrors(createLink()));
