import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { SingleImageView } from '#shared/api/images.ts';
import type { LayerOverview } from '#shared/api/layers.ts';
import { useState } from 'react';
import { formatBytes } from '../../lib/format-bytes.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { layerBytes } from '../../lib/layer-reading.ts';
import { layerInstruction, layerName } from '../../lib/layer-text.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useLayersOverview } from '../../queries/layers.ts';
import { useReadLayers } from '../../queries/use-read-layers.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { Banner } from '../../ui/banner.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { LayerReading } from '../../ui/layer-reading.tsx';
import { SizeBar } from '../../ui/size-bar.tsx';
import { BlobTable, type BlobRow } from './blob-table.tsx';
import { LayerChanges } from './layer-changes.tsx';
import css from './layers.module.css';
import { WasteList } from './waste-list.tsx';
import { WastePending, WasteSummary } from './waste-summary.tsx';

export type ImageLayersProps = ImagePanelProps & { readonly image: SingleImageView };

/** The layers of one image: how large, made by what, what each changes, and what was shipped for nothing. */
export function ImageLayers(props: ImageLayersProps) {
  const { image, registryId, repository } = props;
  const target: FilesTarget = { registryId, repository, digest: image.digest };
  const [showsWaste, setShowsWaste] = useState(false);
  const layers = useReadLayers(target, layerBytes(image));
  const overview = useLayersOverview(target, layers.opened !== undefined);
  const actions = useErrorActions(registryId, () => void overview.refetch());
  return (
    <div className={css['scroll']}>
      {image.historyState === 'mismatch' && (
        <div className={css['note']}>
          <Banner tone="warning">
            The history does not fit the layers, so no instruction is put beside them. It stands under Config.
          </Banner>
        </div>
      )}
      <div className={css['bar']}>
        <SizeBar
          label="Layers"
          parts={image.layers.map(({ descriptor }, index) => ({
            key: `${index} ${descriptor.digest}`,
            label: `${layerName(index)}, ${formatBytes(descriptor.sizeBytes)}`,
            bytes: descriptor.sizeBytes,
          }))}
        />
      </div>
      {overview.data !== undefined && (
        <WasteSummary
          overview={overview.data}
          isOpen={showsWaste}
          onToggle={() => {
            setShowsWaste((before) => !before);
          }}
        />
      )}
      {layers.opened !== undefined && overview.data === undefined && overview.error === null && <WastePending />}
      {overview.error !== null && <ErrorState compact error={appErrorOf(overview.error)} actions={actions} />}
      {layers.opened === undefined && (
        <LayerReading
          compact
          reading={layers}
          actions={actions}
          why="What each layer changes, and what of it later layers hide, is known once they are read."
        />
      )}
      {showsWaste && overview.data !== undefined && <WasteList {...props} target={target} />}
      <BlobTable label="Layers, from base to top" rows={layerRows(props, overview.data?.layers)} />
    </div>
  );
}

function layerRows(props: ImageLayersProps, overviews: readonly LayerOverview[] | undefined): readonly BlobRow[] {
  const { image, registryId, repository } = props;
  return image.layers.map((layer, index) => {
    const instruction = layerInstruction(image, index);
    return {
      key: `${index} ${layer.descriptor.digest}`,
      name: layerName(index),
      descriptor: layer.descriptor,
      detail: instruction,
      compression: layer.compression,
      foreign: layer.foreign,
      selection: { kind: 'layer', registryId, repository, layer, index, instruction },
      changes: <LayerChanges place={props} index={index} overview={overviews?.[index]} />,
    };
  });
}
