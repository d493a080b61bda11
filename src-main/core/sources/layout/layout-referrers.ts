import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Manifest } from '#shared/oci/manifest.ts';
import type { Referrer } from '../../transfer/ends.ts';
import { tryReadManifest } from '../describe-image.ts';
import type { ArchiveFiles } from '../files/archive-files.ts';
import type { LayoutImage } from './read-layout.ts';

/** What refers to what in a layout: subject → referrers. */
export type LayoutReferrers = ReadonlyMap<string, readonly Referrer[]>;

/** Names made from a digest: the fallback tag of the referrers API, and cosign's own. */
const DIGEST_TAG = /^(sha256|sha512)-([0-9a-f]{64,128})(\.(?:sig|att|sbom))?$/;

/**
 * Everything listed in `index.json` that refers to something: by its `subject`, by the fallback tag of a registry it was
 * copied from, or by cosign's tags. What cannot be read refers to nothing.
 * Spec: OCI image 1.1, manifest.md, "subject"; OCI distribution 1.1, "Referrers Tag Schema".
 */
export async function findReferrers(
  files: ArchiveFiles,
  images: readonly LayoutImage[],
  signal: AbortSignal,
): Promise<LayoutReferrers> {
  const found = new Map<string, Referrer[]>();
  const add = (subject: string, referrer: Referrer) => {
    const list = found.get(subject) ?? [];
    if (!list.some(({ descriptor }) => descriptor.digest === referrer.descriptor.digest)) list.push(referrer);
    found.set(subject, list);
  };
  for (const image of images) {
    const manifest = await tryReadManifest(files, image.descriptor, signal);
    if (manifest === undefined) continue;
    for (const { subject, referrer } of referencesOf(image, manifest)) add(subject, referrer);
  }
  return found;
}

type Reference = { readonly subject: Digest | string; readonly referrer: Referrer };

function referencesOf({ descriptor, names }: LayoutImage, manifest: Manifest): readonly Reference[] {
  const references: Reference[] = [];
  if (manifest.subject !== undefined) {
    references.push({ subject: manifest.subject.digest, referrer: { descriptor: asReferrer(descriptor, manifest) } });
  }
  for (const name of names) {
    const [, algorithm, hex, suffix] = DIGEST_TAG.exec(name) ?? [];
    if (algorithm === undefined || hex === undefined) continue;
    const subject = `${algorithm}:${hex}`;
    if (suffix !== undefined) references.push({ subject, referrer: { descriptor, tag: name } });
    else if (manifest.kind === 'index') references.push(...asReferences(subject, manifest.manifests));
  }
  return references;
}

const asReferences = (subject: string, descriptors: readonly Descriptor[]): readonly Reference[] =>
  descriptors.map((descriptor) => ({ subject, referrer: { descriptor } }));

/** As the referrers API lists it: with the type and annotations of the manifest. */
function asReferrer(descriptor: Descriptor, { artifactType, annotations }: Manifest): Descriptor {
  return { ...descriptor, ...(artifactType === undefined ? {} : { artifactType }), annotations: [...annotations] };
}
