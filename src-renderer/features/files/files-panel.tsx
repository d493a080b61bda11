import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { SingleImageView } from '#shared/api/images.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { layerBytes } from '../../lib/layer-reading.ts';
import { useReadLayers } from '../../queries/use-read-layers.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FolderOpenIcon } from '../../ui/icons.ts';
import { LayerReading } from '../../ui/layer-reading.tsx';
import { FilesView } from './files-view.tsx';

/** The files of an image: merged, by layer, or what a layer changed. */
export function FilesPanel(props: ImagePanelProps) {
  const { shown, registryId, repository } = props;
  if (shown.kind !== 'image') {
    return (
      <EmptyState icon={FolderOpenIcon} title="No files to show">
        {shown.kind === 'index'
          ? 'Files belong to the image of one platform; this index names none.'
          : 'Only images have a file system.'}
      </EmptyState>
    );
  }
  const target: FilesTarget = { registryId, repository, digest: shown.digest };
  return <Files key={shown.digest} target={target} image={shown} />;
}

function Files({ target, image }: { readonly target: FilesTarget; readonly image: SingleImageView }) {
  const layers = useReadLayers(target, layerBytes(image));
  const actions = useErrorActions(target.registryId, layers.read);
  if (layers.opened !== undefined) return <FilesView target={target} image={image} opened={layers.opened} />;
  return <LayerReading reading={layers} actions={actions} why="To list its files Gantry reads the layers once." />;
}
