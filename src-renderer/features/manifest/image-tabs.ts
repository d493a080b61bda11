import type { ImageView } from '#shared/api/images.ts';
import { platformChildren } from '../../lib/image-panel.ts';
import type { ImageTab } from '../../lib/paths.ts';
import type { TabItem } from '../../ui/tabs.tsx';

function layerCount(shown: ImageView | undefined): number | undefined {
  if (shown?.kind === 'image') return shown.layers.length;
  if (shown?.kind === 'artifact') return shown.blobs.length;
  return shown?.kind === 'schema1' ? shown.layerDigests.length : undefined;
}

/**
 * The tabs that say something about this kind of thing; the others are there, and cannot be chosen. Artifacts have
 * documents where images have files.
 */
export function imageTabs(root: ImageView, shown: ImageView | undefined): readonly TabItem<ImageTab>[] {
  const isArtifact = shown?.kind === 'artifact';
  const hasConfig = shown === undefined || shown.kind === 'image';
  const hasLayers = shown === undefined || layerCount(shown) !== undefined;
  return [
    { value: 'overview', label: 'Overview' },
    {
      value: 'platforms',
      label: 'Platforms',
      count: root.kind === 'index' ? platformChildren(root).length : undefined,
      disabled: root.kind !== 'index',
    },
    { value: 'config', label: 'Config', disabled: !hasConfig },
    { value: 'layers', label: isArtifact ? 'Blobs' : 'Layers', count: layerCount(shown), disabled: !hasLayers },
    ...(isArtifact
      ? [{ value: 'documents', label: 'Documents', disabled: !hasLayers } as const]
      : ([
          { value: 'files', label: 'Files', disabled: !hasConfig },
          { value: 'packages', label: 'Packages', disabled: !hasConfig },
        ] as const)),
    { value: 'referrers', label: 'Referrers' },
    { value: 'raw', label: 'Raw' },
  ];
}
