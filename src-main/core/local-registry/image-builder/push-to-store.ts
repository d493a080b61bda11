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
  for (const { bytes, digest, mediaType } of content.manifests) {
    await store.putManifest(repository, toNewManifest(bytes, digest, checkManifest(bytes, mediaType)));
  }
  const root = content.manifests.at(-1);
  if (root === undefined) return;
  const manifest = toNewManifest(root.bytes, root.digest, checkManifest(root.bytes, root.mediaType));
  for (const tag of tags) await store.putManifest(repository, manifest, tag);
}
