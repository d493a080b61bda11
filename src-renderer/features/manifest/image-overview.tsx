import type { SingleImageView } from '#shared/api/images.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { Link } from 'react-router';
import { formatBytes } from '../../lib/format-bytes.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { layerInstruction, layerName } from '../../lib/layer-text.ts';
import { imagePath } from '../../lib/paths.ts';
import { Bytes } from '../../ui/bytes.tsx';
import { KeyValueList, type KeyValue } from '../../ui/key-value-list.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import { SizeBar } from '../../ui/size-bar.tsx';
import { SizeMeter } from '../../ui/size-meter.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import css from './image-page.module.css';

type ImageOverviewProps = ImagePanelProps & { readonly image: SingleImageView };

const LARGEST = 5;

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}

function startText({ config }: SingleImageView): string {
  return [...(config.entrypoint ?? []), ...(config.cmd ?? [])].join(' ');
}

function runsEntry(image: SingleImageView): KeyValue {
  const start = startText(image);
  const { user, workingDir, ports } = image.config;
  return {
    key: 'Starts',
    value: (
      <>
        {start === '' ? <span className={css['none']}>nothing by itself</span> : <Code text={start} />} as{' '}
        {user === undefined || user === '' ? 'root' : <SafeText text={user} />}
        {workingDir !== undefined && workingDir !== '' && (
          <>
            {' in '}
            <Code text={workingDir} />
          </>
        )}
        {ports.length > 0 && (
          <>
            , expects port <SafeText text={ports.join(', ')} />
          </>
        )}
      </>
    ),
  };
}

function Code({ text }: { readonly text: string }) {
  return (
    <code className={css['code']}>
      <SafeText text={text} />
    </code>
  );
}

const ABOUT = ['org.opencontainers.image.title', 'org.opencontainers.image.description'] as const;
const FROM = [
  'org.opencontainers.image.version',
  'org.opencontainers.image.source',
  'org.opencontainers.image.licenses',
];

function pairsText(image: SingleImageView, names: readonly string[]): string {
  const pairs = new Map([...image.config.labels, ...image.annotations]);
  return names.flatMap((name) => pairs.get(name) ?? []).join(' · ');
}

function facts(image: SingleImageView, { chosen }: ImagePanelProps): readonly KeyValue[] {
  const about = pairsText(image, ABOUT);
  const from = pairsText(image, FROM);
  return [
    {
      key: 'Image for',
      value: (
        <>
          <SafeText text={image.platformText} />
          {chosen !== undefined && (
            <span className={css['muted']}>
              , one of {count(chosen.index.children.filter(({ role }) => role === 'platform').length, 'platform')}
            </span>
          )}
        </>
      ),
    },
    {
      key: 'Size',
      value: (
        <>
          <Bytes bytes={image.totalBytes} />{' '}
          <span className={css['muted']}>compressed, in {count(image.layers.length, 'layer')}</span>
        </>
      ),
    },
    { key: 'Created', value: <TimeAgo time={image.config.created} /> },
    runsEntry(image),
    ...(about === '' ? [] : [{ key: 'About', value: <SafeText text={about} /> }]),
    ...(from === '' ? [] : [{ key: 'From', value: <SafeText text={from} /> }]),
  ];
}

/** One image of one platform. */
export function ImageOverview(props: ImageOverviewProps) {
  const { image } = props;
  return (
    <>
      <Section title="Image">
        <KeyValueList entries={facts(image, props)} />
      </Section>
      {image.layers.length > 0 && <LayerSizes {...props} />}
    </>
  );
}

function LayerSizes({ image, registryId, repository, reference, chosen }: ImageOverviewProps) {
  const layers = image.layers.map((layer, index) => ({ layer, index, bytes: layer.descriptor.sizeBytes }));
  const largest = layers.toSorted((a, b) => b.bytes - a.bytes).slice(0, LARGEST);
  const platform = chosen?.child.descriptor.digest;
  const all = imagePath({ registryId, repository, reference, tab: 'layers', platform });
  return (
    <Section
      title="Layers"
      aside={layers.length > LARGEST ? `the ${LARGEST} largest of ${layers.length}` : undefined}
      actions={
        <Link to={all} className={css['link']}>
          All layers
        </Link>
      }
    >
      <SizeBar
        label="Layers from base to top"
        parts={layers.map(({ index, bytes }) => ({
          key: String(index),
          label: `${layerName(index)}: ${formatBytes(bytes)}\n${displayText(layerInstruction(image, index) ?? '')}`,
          bytes,
        }))}
      />
      <ol className={css['largest']}>
        {largest.map(({ index, bytes }) => (
          <li key={index} className={css['largestRow']}>
            <span className={css['muted']}>{layerName(index)}</span>
            <span className={css['number']}>
              <Bytes bytes={bytes} />
            </span>
            <SizeMeter bytes={bytes} of={largest[0]?.bytes ?? 0} />
            <code className={css['oneLine']} title={displayText(layerInstruction(image, index) ?? '')}>
              <SafeText text={layerInstruction(image, index) ?? ''} />
            </code>
          </li>
        ))}
      </ol>
    </Section>
  );
}
