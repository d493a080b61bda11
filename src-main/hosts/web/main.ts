import { GantryError } from '../../core/gantry-error.ts';
import { readArguments } from './arguments.ts';
import { runWebHost } from './run.ts';

/** One sentence for a person. */
function explain(error: unknown): string {
  if (error instanceof GantryError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') return 'the port is in use by another program';
  if ('code' in error && error.code === 'EACCES') return 'the port may not be used by this account';
  return error.message;
}

try {
  await runWebHost(readArguments(process.argv.slice(2)), import.meta.dirname);
  // Timers of idle connections must not hold up the end that was asked for.
  process.exit(0);
} catch (error) {
  process.stderr.write(`Gantry: ${explain(error)}.\n`);
  process.exit(1);
}
