import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';

/** A document the Raw tab can show. Manifests are asked for by digest, so a moved tag never mixes two images. */
export type RawSource =
  | { readonly id: 'index' | 'manifest'; readonly kind: 'manifest'; readonly label: string; readonly digest: string }
  | { readonly id: 'config'; readonly kind: 'config'; readonly label: string; readonly descriptor: Descriptor };

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
  if (config !== undefined) sources.push({ id: 'config', kind: 'config', label: 'Config', descriptor: config });
  return sources;
}
