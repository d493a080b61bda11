import { resolve } from 'node:path';
import type { ArchiveDestination, ArchiveDestinationOptions } from './archive.ts';
import { createLayoutDestination } from './write/layout-destination.ts';
import { createTarDestination } from './write/tar-destination.ts';

/**
 * A file or folder of this machine to write images to. Nothing is made before the first write, and nothing is at the
 * path before `finish`; `close` keeps what was written for another destination of the same path and key.
 */
export function createArchiveDestination(options: ArchiveDestinationOptions): ArchiveDestination {
  const path = resolve(options.path);
  if (options.format === 'oci-layout') return createLayoutDestination(path, options.key);
  return createTarDestination({ ...options, path });
}
