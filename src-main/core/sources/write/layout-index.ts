import { isTag } from '#shared/oci/reference.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { CONTAINERD_NAME, REF_NAME } from '../layout/read-layout.ts';
import type { Listed } from './listed-manifests.ts';

type WireDescriptor = Readonly<Record<string, unknown>>;

/** The text of `index.json` when `kept` is there already. Spec: OCI image 1.1, image-layout.md, "index.json File". */
export function writeIndex(listed: readonly Listed[], kept: readonly WireDescriptor[] = []): Buffer {
  const taken = new Set(kept.flatMap((descriptor) => annotation(descriptor, REF_NAME) ?? []));
  const added = listed.flatMap((entry) => descriptorsOf(entry, taken));
  const manifests = [...kept, ...added];
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests }));
}

/** True when an entry of another's `index.json` stands for one of these names, or for an unnamed one of these digests. */
export function isReplaced(descriptor: WireDescriptor, listed: readonly Listed[]): boolean {
  const name = annotation(descriptor, CONTAINERD_NAME) ?? annotation(descriptor, REF_NAME);
  return listed.some(({ manifest, names }) =>
    name === undefined ? descriptor['digest'] === manifest.digest : names.includes(name),
  );
}

/** One entry a name, as every tool writes and reads it; one without for what has none. */
function descriptorsOf({ manifest, parsed, names }: Listed, taken: Set<string>): readonly WireDescriptor[] {
  const common = {
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.bytes.byteLength,
    ...(parsed?.artifactType === undefined || parsed.artifactType === '' ? {} : { artifactType: parsed.artifactType }),
  };
  if (names.length === 0) return [common];
  return names.map((name) => ({ ...common, annotations: annotationsOf(name, taken) }));
}

/**
 * The full name is what containerd and docker go by, the tag what `skopeo oci:dir:tag` finds. Where two images have one
 * tag the second keeps its full name in both: a tag may be there once.
 */
function annotationsOf(name: string, taken: Set<string>): Readonly<Record<string, string>> {
  const tag = tagOf(name);
  const refName = tag === undefined || taken.has(tag) ? name : tag;
  taken.add(refName);
  return tag === undefined || tag === name ? { [REF_NAME]: refName } : { [CONTAINERD_NAME]: name, [REF_NAME]: refName };
}

/** `1.2` of `ghcr.io/acme/app:1.2`, and of `1.2`. */
function tagOf(name: string): string | undefined {
  const tag = name.includes('/') || name.includes(':') ? name.slice(name.lastIndexOf(':') + 1) : name;
  return isTag(tag) ? tag : undefined;
}

function annotation(descriptor: WireDescriptor, name: string): string | undefined {
  const { annotations } = descriptor;
  if (typeof annotations !== 'object' || annotations === null) return undefined;
  const value = Object.entries(annotations).find(([key]) => key === name)?.[1];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
