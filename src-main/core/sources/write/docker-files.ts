import { foldAttestations } from '#shared/oci/attestation.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { type Manifest, parseManifest } from '#shared/oci/manifest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { ArchiveError } from '../../gantry-error.ts';
import type { ManifestBytes } from '../../transfer/ends.ts';
import { blobPath } from '../documents.ts';
import { DOCKER_LIST } from '../docker/docker-list.ts';
import type { ListedManifests } from './listed-manifests.ts';
import type { TarFile } from './partial-tar.ts';

/** Docker's own list of one image. */
type Entry = { readonly Config: string; readonly RepoTags: readonly string[]; readonly Layers: readonly string[] };

/**
 * Why docker could not load it: no image, or several platforms where nobody said that each is to be an image of its own.
 */
export function refuseForDocker(
  archive: string,
  { bytes, mediaType, digest }: ManifestBytes,
  eachPlatform: boolean,
): ArchiveError | undefined {
  const parsed = tryParse(bytes, mediaType);
  if (parsed?.kind === 'image') return undefined;
  if (parsed?.kind !== 'index') return new ArchiveError('not-an-image', archive, digest);
  const platforms = platformsOf(parsed.manifests);
  if (platforms.length === 0) return new ArchiveError('not-an-image', archive, digest);
  if (platforms.length === 1 || eachPlatform) return undefined;
  return new ArchiveError('choose-platform', archive, platforms.map((each) => nameOf(each)).join(', '));
}

/**
 * `manifest.json` over the blobs of the layout in the same tar. Layers stay compressed: docker has read such since 1.10,
 * and so the digests survive. @throws {ArchiveError} as `refuseForDocker`
 */
export function dockerFiles(archive: string, manifests: ListedManifests, eachPlatform: boolean): readonly TarFile[] {
  const entries: Entry[] = [];
  for (const { manifest, names } of manifests.list()) {
    const refusal = refuseForDocker(archive, manifest, eachPlatform);
    if (refusal !== undefined) throw refusal;
    entries.push(...entriesOf(manifests, manifest, names));
  }
  return [{ path: DOCKER_LIST, bytes: Buffer.from(JSON.stringify(entries)) }];
}

function entriesOf(manifests: ListedManifests, root: ManifestBytes, names: readonly string[]): readonly Entry[] {
  const parsed = manifests.byDigest(root.digest);
  if (parsed?.kind === 'image') return [entryOf(parsed, names.flatMap(repoTag))];
  if (parsed?.kind !== 'index') return [];
  const platforms = platformsOf(parsed.manifests);
  return platforms.flatMap((descriptor) => {
    const child = manifests.byDigest(descriptor.digest);
    if (child?.kind !== 'image') return [];
    const suffix = platforms.length === 1 ? '' : `-${nameOf(descriptor).replaceAll(/[^\w.]+/g, '-')}`;
    return [
      entryOf(
        child,
        names.flatMap((name) => repoTag(`${name}${suffix}`)),
      ),
    ];
  });
}

function entryOf(image: Extract<Manifest, { readonly kind: 'image' }>, names: readonly string[]): Entry {
  return {
    Config: blobPath(image.config.digest),
    RepoTags: names,
    Layers: image.layers.map(({ digest }) => blobPath(digest)),
  };
}

/** A name docker takes: with a repository and a tag. It refuses the whole archive for one that has none. */
function repoTag(name: string): readonly string[] {
  try {
    return name.includes(':') && parseReference(name, { defaultTag: null }).tag !== undefined ? [name] : [];
  } catch (error) {
    if (error instanceof OciError) return [];
    throw error;
  }
}

function platformsOf(children: readonly Descriptor[]): readonly Descriptor[] {
  return foldAttestations(children).flatMap(({ role, descriptor }) => (role === 'platform' ? [descriptor] : []));
}

const nameOf = ({ platform, digest }: Descriptor): string =>
  platform === undefined ? digest.slice(7, 19) : formatPlatform(platform);

function tryParse(bytes: Uint8Array, mediaType: string): Manifest | undefined {
  try {
    return parseManifest(bytes, mediaType);
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}
