import type { ArtifactView } from '#shared/api/images.ts';
import { blobName } from '../../lib/blob-name.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LayersIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { BlobTable, type BlobRow } from './blob-table.tsx';
import { ImageLayers } from './image-layers.tsx';
import css from './layers.module.css';

function blobRows(artifact: ArtifactView, { registryId, repository }: ImagePanelProps): readonly BlobRow[] {
  return artifact.blobs.map((descriptor, index) => ({
    key: `${index} ${descriptor.digest}`,
    name: blobName(descriptor, index),
    descriptor,
    foreign: false,
    selection: { kind: 'descriptor', registryId, repository, descriptor, label: blobName(descriptor, index) },
  }));
}

/** The layers of an image from base to top, or the blobs of an artifact. */
export function LayersPanel(props: ImagePanelProps) {
  const { shown } = props;
  if (shown.kind === 'image' && shown.layers.length > 0) {
    return <ImageLayers key={shown.digest} {...props} image={shown} />;
  }
  if (shown.kind === 'artifact' && shown.blobs.length > 0) {
    return (
      <div className={css['scroll']}>
        <BlobTable label="Blobs" rows={blobRows(shown, props)} />
      </div>
    );
  }
  if (shown.kind === 'schema1') return <DigestList digests={shown.layerDigests} />;
  return (
    <EmptyState icon={LayersIcon} title={shown.kind === 'artifact' ? 'No blobs' : 'No layers'}>
      {shown.kind === 'index'
        ? 'An index lists manifests; each of them has its own layers.'
        : 'This manifest lists none.'}
    </EmptyState>
  );
}

function DigestList({ digests }: { readonly digests: readonly string[] }) {
  const rows = digests.map((digest, index) => ({ digest, key: `${index} ${digest}` }));
  return (
    <div className={css['scroll']}>
      <p className={css['note']}>Schema 1 lists layers from top to base, without their sizes.</p>
      <ol className={css['digests']}>
        {rows.map(({ digest, key }) => (
          <li key={key}>
            <code>
              <SafeText text={digest} />
            </code>
          </li>
        ))}
      </ol>
    </div>
  );
}
