import { parseArgs } from 'node:util';
import { z } from 'zod';
import { InvalidInputError } from '../../core/gantry-error.ts';

/** What can be said on the command line of the web host. */
export type WebArguments = { readonly port: number; readonly open: boolean; readonly dataDir: string | undefined };

const portSchema = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.int().max(65_535));

const options = {
  port: { type: 'string', default: '0' },
  'no-open': { type: 'boolean', default: false },
  'data-dir': { type: 'string' },
} as const;

/** @throws {InvalidInputError} for an unknown option or a port that is none */
export function readArguments(args: readonly string[]): WebArguments {
  const values = parse(args);
  const port = portSchema.safeParse(values.port);
  if (!port.success) throw new InvalidInputError('port', '--port takes a number from 0 to 65535');
  return { port: port.data, open: !values['no-open'], dataDir: values['data-dir'] };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new InvalidInputError('arguments', error instanceof Error ? error.message : String(error), { cause: error });
  }
}
