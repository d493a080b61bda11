import { accountsContract } from './accounts.ts';
import { archivesContract } from './archives.ts';
import { changesContract } from './changes.ts';
import { compareContract } from './compare.ts';
import { diagnosticsContract } from './diagnostics.ts';
import { documentsContract } from './documents.ts';
import { filesContract } from './files.ts';
import { healthContract } from './health.ts';
import { hostContract } from './host.ts';
import { imagesContract } from './images.ts';
import { layersContract } from './layers.ts';
import { manifestsContract } from './manifests.ts';
import { packagesContract } from './packages.ts';
import { referrersContract } from './referrers.ts';
import { registriesContract } from './registries.ts';
import { repositoriesContract } from './repositories.ts';
import { settingsContract } from './settings.ts';
import { tagsContract } from './tags.ts';
import { transfersContract } from './transfers.ts';

/** Every procedure there is. The engine implements it, both hosts carry it, the renderer calls nothing else. */
export const contract = {
  host: hostContract,
  registries: registriesContract,
  accounts: accountsContract,
  repositories: repositoriesContract,
  tags: tagsContract,
  manifests: manifestsContract,
  images: imagesContract,
  referrers: referrersContract,
  files: filesContract,
  layers: layersContract,
  packages: packagesContract,
  compare: compareContract,
  documents: documentsContract,
  transfers: transfersContract,
  archives: archivesContract,
  settings: settingsContract,
  changes: changesContract,
  health: healthContract,
  diagnostics: diagnosticsContract,
};
export type Contract = typeof contract;
