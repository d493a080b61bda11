import type { Descriptor } from '#shared/oci/descriptor.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { manifestKind } from '#shared/oci/media-type.ts';
import { Link } from 'react-router';
import { formatBytes, formatExactBytes } from '../../lib/format-bytes.ts';
import { mediaTypeName } from '../../lib/media-type-name.ts';
import { imagePath } from '../../lib/paths.ts';
import { Digest } from '../../ui/digest.tsx';
import type { KeyValue } from '../../ui/key-value-list.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { PairBlock } from './annotation-block.tsx';
import { DetailFrame } from './detail-frame.tsx';
import css from './inspector.module.css';
import { UrlFacts } from './url-facts.tsx';

export type DescriptorDetailsProps = {
  readonly registryId: string;
  readonly repository: string;
  readonly descriptor: Descriptor;
  readonly label: string;
};

function facts(descriptor: Descriptor): readonly KeyValue[] {
  const { artifactType, platform } = descriptor;
  const name = mediaTypeName(descriptor.mediaType);
  return [
    { key: 'Digest', value: <Digest digest={descriptor.digest} full /> },
    { key: 'Size', value: `${formatBytes(descriptor.sizeBytes)} (${formatExactBytes(descriptor.sizeBytes)})` },
    {
      key: 'Media type',
      value: (
        <>
          <SafeText text={descriptor.mediaType} />
          {name !== undefined && <div className={css['note']}>{name}</div>}
        </>
      ),
    },
    ...(artifactType === undefined ? [] : [{ key: 'Artifact type', value: <SafeText text={artifactType} /> }]),
    ...(platform === undefined ? [] : [{ key: 'Platform', value: <SafeText text={formatPlatform(platform)} /> }]),
  ];
}

export function DescriptorDetails({ registryId, repository, descriptor, label }: DescriptorDetailsProps) {
  const isManifest = manifestKind(descriptor.mediaType) !== undefined;
  return (
    <DetailFrame
      kind="Descriptor"
      title={label}
      facts={facts(descriptor)}
      action={
        isManifest && (
          <Link to={imagePath({ registryId, repository, reference: descriptor.digest })} className={css['open']}>
            Open
          </Link>
        )
      }
    >
      <UrlFacts urls={descriptor.urls} />
      <PairBlock title="Annotations" pairs={descriptor.annotations} />
    </DetailFrame>
  );
}
