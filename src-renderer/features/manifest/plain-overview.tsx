import type { ImageView } from '#shared/api/images.ts';
import { Link } from 'react-router';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { imagePath } from '../../lib/paths.ts';
import { KeyValueList, type KeyValue } from '../../ui/key-value-list.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import css from './image-page.module.css';

type PlainView = Extract<ImageView, { readonly kind: 'schema1' | 'unknown' }>;
type PlainOverviewProps = Pick<ImagePanelProps, 'registryId' | 'repository' | 'reference'> & {
  readonly view: PlainView;
};

function facts(view: PlainView): readonly KeyValue[] {
  if (view.kind === 'unknown') return [{ key: 'Media type', value: <SafeText text={view.mediaType} /> }];
  return [
    { key: 'Name', value: <SafeText text={`${view.name}:${view.tag}`} /> },
    { key: 'Architecture', value: <SafeText text={view.architecture} /> },
    { key: 'Layers', value: view.layerDigests.length },
  ];
}

/** What Gantry shows without taking it apart: Docker schema 1 and manifests of a kind it does not know. */
export function PlainOverview({ registryId, repository, reference, view }: PlainOverviewProps) {
  return (
    <Section title={view.kind === 'schema1' ? 'Docker schema 1 image' : 'Unknown kind of manifest'}>
      <p className={css['note']}>
        {view.kind === 'schema1'
          ? 'An old format, retired in 2017: it states neither sizes nor a config digest, so there is less to show. Docker Engine 26 and later do not pull it.'
          : 'Gantry does not know this media type. Nothing is hidden: its exact bytes are under Raw.'}
      </p>
      <KeyValueList entries={facts(view)} />
      <Link to={imagePath({ registryId, repository, reference, tab: 'raw' })} className={css['link']}>
        Show the raw manifest
      </Link>
    </Section>
  );
}
