import { Buffer } from 'node:buffer';
import type { Digest } from '#shared/oci/digest.ts';
import { readNode } from '#main/core/transfer/content/manifest-node.ts';
import type { RegistryClient } from '#main/core/registry/registry-client.ts';
import { digestOf } from './oci-builder.ts';

/** Everything below a tag as it can be pulled now: manifests in full, blobs by the digest of what was read. */
export type RegistryContent = {
  readonly root: Digest;
  readonly manifests: ReadonlyMap<string, string>;
  readonly blobs: ReadonlyMap<string, number>;
  /** What names a manifest of these as its subject. */
  readonly referrers: ReadonlyMap<string, readonly string[]>;
};

/** Pulls a tag with all that hangs on it, without the transfer engine. */
export async function contentOf(client: RegistryClient, repository: string, tag: string): Promise<RegistryContent> {
  const manifests = new Map<string, string>();
  const blobs = new Map<string, number>();
  const referrers = new Map<string, readonly string[]>();
  const pullBlob = async (digest: Digest): Promise<void> => {
    if (blobs.has(digest)) return;
    const { sizeBytes = 0 } = (await client.headBlob({ repository, digest })) ?? {};
    const descriptor = { mediaType: '', digest, sizeBytes, annotations: [], urls: [] };
    const chunks: Buffer[] = [];
    for await (const chunk of await client.openBlob({ repository, descriptor })) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    expectSame(digestOf(bytes), digest);
    blobs.set(digest, bytes.length);
  };
  const pull = async (reference: string): Promise<Digest> => {
    const manifest = await client.getManifest({ repository, reference });
    if (manifests.has(manifest.digest)) return manifest.digest;
    manifests.set(manifest.digest, `${manifest.mediaType} ${Buffer.from(manifest.bytes).toString('base64')}`);
    const node = readNode(manifest);
    for (const { descriptor, isForeign } of node.blobs) if (!isForeign) await pullBlob(descriptor.digest);
    for (const { digest } of node.children) await pull(digest);
    const page = await client.listReferrers({ repository, digest: manifest.digest });
    if (page.referrers.length > 0)
      referrers.set(manifest.digest, page.referrers.map(({ digest }) => digest).toSorted());
    for (const { digest } of page.referrers) await pull(digest);
    return manifest.digest;
  };
  const root = await pull(tag);
  return { root, manifests, blobs, referrers };
}

function expectSame(actual: string, wanted: string): void {
  if (actual !== wanted) throw new Error(`${wanted} holds ${actual}`);
}
