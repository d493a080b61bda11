import { join } from 'node:path';
import type { Ports } from '../core/ports.ts';
import { type ChosenPaths, createChosenPaths } from '../core/sources/chosen-paths.ts';
import { createDownloads, type Downloads } from '../core/sources/downloads.ts';
import type { OpenArchives } from '../core/sources/archive.ts';
import { createOpenArchives } from '../core/sources/open-archives.ts';

/** What belongs to files of this machine. */
export type ArchiveServices = {
  readonly archives: OpenArchives;
  readonly downloads: Downloads;
  readonly chosenPaths: ChosenPaths;
};

export function openArchiveServices({ paths, clock }: Ports): ArchiveServices {
  return {
    archives: createOpenArchives({ dir: join(paths.dataDir, 'archives'), clock }),
    downloads: createDownloads(clock),
    chosenPaths: createChosenPaths(),
  };
}
