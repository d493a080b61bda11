import { type Field, numberAt } from '../../tar/header-fields.ts';
import { TarProblem } from './tar-problem.ts';

/** As `numberAt`. @throws {TarProblem} `bad-tar` */
export function readTarNumber(block: Uint8Array, field: Field, what: string): number {
  const value = numberAt(block, field);
  if (value === undefined) throw new TarProblem('bad-tar', `no number where one is expected (${what})`);
  return value;
}
