import { type AnyContractProcedure, getEventIteratorSchemaDetails, isContractProcedure } from '@orpc/contract';
import type { z } from 'zod';
import { type Contract, contract } from '#shared/api/contract.ts';

/** `registries.add`, `tags.list`…: the name of every procedure, known to the compiler. */
export type ProcedureName = {
  [Area in keyof Contract]: `${Area}.${Extract<keyof Contract[Area], string>}`;
}[keyof Contract];

export type ListedProcedure = {
  readonly name: ProcedureName;
  readonly procedure: AnyContractProcedure;
  readonly input: z.ZodType | undefined;
  /** Of the answer, or of each message of a stream. */
  readonly output: z.ZodType | undefined;
  readonly isStream: boolean;
};

/** Every procedure of the contract with its schemas, in the order of the contract. */
export function listProcedures(): readonly ListedProcedure[] {
  return Object.entries(contract).flatMap(([area, procedures]) =>
    Object.entries(procedures).flatMap(([name, procedure]: [string, unknown]) =>
      isContractProcedure(procedure) ? [describe(`${area}.${name}` as ProcedureName, procedure)] : [],
    ),
  );
}

function describe(name: ProcedureName, procedure: AnyContractProcedure): ListedProcedure {
  const { inputSchema, outputSchema } = procedure['~orpc'];
  const stream = getEventIteratorSchemaDetails(outputSchema);
  const output = stream === undefined ? outputSchema : stream.yields;
  return {
    name,
    procedure,
    input: inputSchema as z.ZodType | undefined,
    output: output as z.ZodType | undefined,
    isStream: stream !== undefined,
  };
}
