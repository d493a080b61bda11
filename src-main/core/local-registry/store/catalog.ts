import { join } from 'node:path';
import { listFolder } from '../../files.ts';
import { folderComponent } from './layout.ts';
import { listManifestDigests } from './manifests.ts';
import { isRepositoryName } from '#shared/oci/reference.ts';
import type { StoreContext } from './store-context.ts';

/** Every folder that is a repository name, parents before children. Folders of ours begin with `_`, names cannot. */
export async function walkRepositoryFolders(context: Pick<StoreContext, 'layout'>): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (folder: string, prefix: string): Promise<void> => {
    for (const entry of await listFolder(folder)) {
      // A link is not a directory here: nothing outside our folder is ever walked.
      if (!entry.isDirectory() || entry.name.startsWith('_')) continue;
      const name = `${prefix}${folderComponent(entry.name)}`;
      if (!isRepositoryName(name)) continue;
      found.push(name);
      await visit(join(folder, entry.name), `${name}/`);
    }
  };
  await visit(context.layout.repositoriesDir, '');
  return found;
}

/** Repositories that hold a manifest, in lexical order. */
export async function listRepositories(context: Pick<StoreContext, 'layout'>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await walkRepositoryFolders(context)) {
    if ((await listManifestDigests(context, name)).length > 0) found.push(name);
  }
  return found.sort();
}
