import type { LayerView } from '#shared/api/images.ts';
import { formatExactBytes, formatBytes } from '../../lib/format-bytes.ts';
import { layerName } from '../../lib/layer-text.ts';
import { mediaTypeName } from '../../lib/media-type-name.ts';
import { Digest } from '../../ui/digest.tsx';
import type { KeyValue } from '../../ui/key-value-list.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { PairBlock } from './annotation-block.tsx';
import { DetailFrame } from './detail-frame.tsx';
import css from './inspector.module.css';
import { UrlFacts } from './url-facts.tsx';

export type LayerDetailsProps = {
  readonly layer: LayerView;
  readonly index: number;
  /** Registry text. */
  readonly instruction?: string | undefined;
};

const COMPRESSIONS: Readonly<Record<LayerView['compression'], string>> = {
  gzip: 'gzip',
  zstd: 'zstd',
  none: 'none, a plain tar',
  unknown: 'not stated',
};

function facts({ descriptor, diffId, compression }: LayerView): readonly KeyValue[] {
  const name = mediaTypeName(descriptor.mediaType);
  return [
    { key: 'Digest', value: <Digest digest={descriptor.digest} full /> },
    {
      key: 'Size, compressed',
      value: `${formatBytes(descriptor.sizeBytes)} (${formatExactBytes(descriptor.sizeBytes)})`,
    },
    {
      key: 'Media type',
      value: (
        <>
          <SafeText text={descriptor.mediaType} />
          {name !== undefined && <div className={css['note']}>{name}</div>}
        </>
      ),
    },
    { key: 'Compression', value: COMPRESSIONS[compression] },
    ...(diffId === undefined ? [] : [{ key: 'Diff id, uncompressed', value: <Digest digest={diffId} full /> }]),
  ];
}

function madeBy(instruction: string | undefined): readonly KeyValue[] {
  if (instruction === undefined) return [];
  return [
    {
      key: 'Made by',
      value: (
        <code className={css['instruction']}>
          <LongText text={instruction} />
        </code>
      ),
    },
  ];
}

export function LayerDetails({ layer, index, instruction }: LayerDetailsProps) {
  const { descriptor, foreign } = layer;
  return (
    <DetailFrame kind="Layer" title={layerName(index)} facts={[...madeBy(instruction), ...facts(layer)]}>
      {foreign && (
        <p className={css['note']}>A foreign layer: its bytes live elsewhere, and Gantry never fetches them.</p>
      )}
      <UrlFacts urls={descriptor.urls} />
      <PairBlock title="Annotations" pairs={descriptor.annotations} />
    </DetailFrame>
  );
}
