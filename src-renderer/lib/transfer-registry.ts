import type { AppError } from '#shared/api/app-error.ts';
import type { Transfer } from '#shared/api/transfers.ts';

type KnownRegistry = { readonly id: string; readonly host: string };

function failedHost(error: AppError | undefined): string | undefined {
  const trace = error !== undefined && 'trace' in error ? error.trace : undefined;
  return trace === undefined ? undefined : URL.parse(trace.url)?.host;
}

/**
 * The registry that a transfer's error is about, so that its connection can be mended: the end that was asked, else the
 * only end that is a registry of the list. Undefined when that cannot be told.
 */
export function registryOfError<R extends KnownRegistry>(
  { sources, destination, error }: Pick<Transfer, 'sources' | 'destination' | 'error'>,
  registries: readonly R[],
): R | undefined {
  const ends = registries.filter(({ host }) => [destination, ...sources].some((end) => end.startsWith(`${host}/`)));
  const asked = failedHost(error);
  return ends.find(({ host }) => host === asked) ?? (ends.length === 1 ? ends[0] : undefined);
}
