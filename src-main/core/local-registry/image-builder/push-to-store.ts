import { checkManifest, toNewManifest } from '../http/check-manifest.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import type { BuiltContent } from './content.ts';

/** Puts built content into a repository of a store, the tags last. */
export async function pushToStore(
  store: Pick<RegistryStore, 'putBlob' | 'putManifest'>,
  repository: string,
  content: BuiltContent,
  tags: readonly string[] = [],
): Promise<void> {
  await Promise.all(content.blobs.map(({ bytes }) => store.putBlob(repository, bytes)));
  const root = content.manifests.at(-1);
  for (const manifest of content.manifests) {
    const { bytes, digest, mediaType } = manifest;
    const checked = toNewManifest(bytes, digest, checkManifest(bytes, mediaType));
    await store.putManifest(repository, checked, manifest === root ? tags : []);
  }
}
