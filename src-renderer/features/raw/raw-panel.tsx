import { useState } from 'react';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { displayText } from '#shared/oci/display-text.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useRawBlob, useRawManifest } from '../../queries/manifests.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { rawSources, type RawSource } from './raw-sources.ts';
import css from './raw.module.css';
import type { RawViewerPlace } from './raw-place.ts';
import { RawViewer } from './raw-viewer.tsx';
import { SourceSelect } from './source-select.tsx';

/** The exact bytes of the index, the manifest, the config, or what an artifact holds. */
export function RawPanel(props: ImagePanelProps) {
  const { registryId, repository, shown } = props;
  const sources = rawSources(props);
  const [chosenId, setChosenId] = useState<RawSource['id'] | undefined>(undefined);
  const source = sources.find(({ id }) => id === chosenId) ?? sources[0];
  if (source === undefined) return null;
  const place: RawViewerPlace = {
    registryId,
    repository,
    source,
    sources: sources.map(({ id, label }) => ({ value: id, label: displayText(label) })),
    onSource: setChosenId,
    image: shown.kind === 'image' ? shown : undefined,
  };
  return source.kind === 'manifest' ? (
    <RawManifest key={source.digest} place={place} digest={source.digest} />
  ) : (
    <RawConfig key={source.descriptor.digest} place={place} descriptor={source.descriptor} />
  );
}

function RawManifest({ place, digest }: { readonly place: RawViewerPlace; readonly digest: string }) {
  return <Document place={place} query={useRawManifest({ ...place, reference: digest })} />;
}

function RawConfig({ place, descriptor }: { readonly place: RawViewerPlace; readonly descriptor: Descriptor }) {
  return <Document place={place} query={useRawBlob(place, descriptor)} />;
}

type DocumentProps = {
  readonly place: RawViewerPlace;
  readonly query: ReturnType<typeof useRawManifest>;
};

const WIDTHS = [120, 220, 360, 180, 300, 260, 200, 340] as const;

function Document({ place, query }: DocumentProps) {
  const actions = useErrorActions(place.registryId, () => void query.refetch());
  if (query.data !== undefined) return <RawViewer place={place} document={query.data} />;
  if (query.error !== null) {
    return (
      <>
        {place.sources.length > 1 && (
          <Toolbar label="Document">
            <SourceSelect place={place} />
          </Toolbar>
        )}
        <ErrorState error={appErrorOf(query.error)} actions={actions} />
      </>
    );
  }
  return (
    <div role="status" aria-label="Loading the document" className={css['skeleton']}>
      {WIDTHS.map((width) => (
        <Skeleton key={width} width={width} />
      ))}
    </div>
  );
}
