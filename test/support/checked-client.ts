import { expect } from 'vitest';
import { listProcedures, type ProcedureName } from './contract-procedures.ts';
import type { ApiClient } from './transports.ts';

type Call = (input?: unknown, options?: unknown) => Promise<unknown>;

/**
 * The same client, which notes what was called and holds every answer against its schema: nothing missing, nothing
 * of the wrong type, and nothing that the contract does not name.
 */
export function checkedClient(client: ApiClient): { client: ApiClient; called: ReadonlySet<ProcedureName> } {
  const called = new Set<ProcedureName>();
  const checked: Record<string, Record<string, Call>> = {};
  for (const { name, output, isStream } of listProcedures()) {
    const [area, verb] = name.split('.') as [string, string];
    const call = (client as unknown as Record<string, Record<string, Call>>)[area]![verb]!;
    const check = (answer: unknown): void => expect({ name, answer: output!.parse(answer) }).toEqual({ name, answer });
    checked[area] ??= {};
    checked[area][verb] = async (...args) => {
      called.add(name);
      const answer = await call(...args);
      if (!isStream) check(answer);
      return isStream ? checkEach(answer as AsyncGenerator, check) : answer;
    };
  }
  return { client: checked as unknown as ApiClient, called };
}

async function* checkEach(stream: AsyncGenerator, check: (message: unknown) => void): AsyncGenerator {
  for await (const message of stream) {
    check(message);
    yield message;
  }
}
