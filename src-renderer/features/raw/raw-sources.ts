import type { Descriptor } from '#shared/oci/descriptor.ts';
import { blobName, MAX_RAW_BYTES } from '../../lib/blob-name.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';

/** A document the Raw tab can show. Manifests are asked for by digest, so a moved tag never mixes two images. */
export type RawSource =
  | { readonly id: 'index' | 'manifest'; readonly kind: 'manifest'; readonly label: string; readonly digest: string }
  | {
      readonly id: 'config' | `blob ${number}`;
      readonly kind: 'blob';
      readonly label: string;
      readonly descriptor: Descriptor;
    };

export function rawSources({ root, shown, chosen }: ImagePanelProps): readonly RawSource[] {
  const sources: RawSource[] = [];
  if (chosen !== undefined) sources.push({ id: 'index', kind: 'manifest', label: 'Index', digest: root.digest });
  const platform = chosen?.child.platformText;
  sources.push({
    id: 'manifest',
    kind: 'manifest',
    label: platform === undefined ? 'Manifest' : `Manifest, ${platform}`,
    digest: shown.digest,
  });
  const config = shown.kind === 'image' || shown.kind === 'artifact' ? shown.configDescriptor : undefined;
  if (config !== undefined) sources.push({ id: 'config', kind: 'blob', label: 'Config', descriptor: config });
  sources.push(...blobsOf(shown));
  return sources;
}

/** What an artifact holds, where it is small enough to be shown as text. */
function blobsOf(shown: ImagePanelProps['shown']): readonly RawSource[] {
  if (shown.kind !== 'artifact') return [];
  return shown.blobs.flatMap((descriptor, index) =>
    descriptor.sizeBytes <= MAX_RAW_BYTES
      ? [{ id: `blob ${index}`, kind: 'blob', label: blobName(descriptor, index), descriptor } as const]
      : [],
  );
}
