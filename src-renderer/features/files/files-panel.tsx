import type { FilesTarget } from '#shared/api/files.ts';
import type { SingleImageView } from '#shared/api/images.ts';
import { useState } from 'react';
import { formatBytes } from '../../lib/format-bytes.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useOpenFiles } from '../../queries/files.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { FolderOpenIcon } from '../../ui/icons.ts';
import { FilesView } from './files-view.tsx';
import { Opening } from './opening.tsx';

/** Images up to this size are read as soon as someone looks; larger ones when asked to. */
const READ_AT_ONCE_BYTES = 64 * 1024 * 1024;

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
  const bytes = image.layers.reduce((sum, { descriptor, foreign }) => (foreign ? sum : sum + descriptor.sizeBytes), 0);
  const [wanted, setWanted] = useState(bytes <= READ_AT_ONCE_BYTES);
  const files = useOpenFiles(target, wanted);
  const actions = useErrorActions(target.registryId, files.retry);
  if (files.opened !== undefined) return <FilesView target={target} image={image} opened={files.opened} />;
  if (files.isOpening) {
    return (
      <Opening
        progress={files.progress}
        onCancel={() => {
          setWanted(false);
          files.cancel();
        }}
      />
    );
  }
  if (wanted && files.error !== null) return <ErrorState error={appErrorOf(files.error)} actions={actions} />;
  return (
    <EmptyState
      icon={FolderOpenIcon}
      title={`${formatBytes(bytes)} in ${image.layers.length === 1 ? 'one layer' : `${image.layers.length} layers`}`}
      actions={
        <Button
          variant="primary"
          onClick={() => {
            setWanted(true);
            files.retry();
          }}
        >
          Read the layers
        </Button>
      }
    >
      To list its files Gantry reads the layers once. What was read is kept, so the next look is immediate.
    </EmptyState>
  );
}
