import type { ArtifactView } from '#shared/api/images.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { mediaTypeName } from '../../lib/media-type-name.ts';
import { imagePath } from '../../lib/paths.ts';
import { Bytes } from '../../ui/bytes.tsx';
import { DescriptorTable } from '../../ui/descriptor-table.tsx';
import { KeyValueList, type KeyValue } from '../../ui/key-value-list.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { blobName } from '../../lib/blob-name.ts';
import css from './image-page.module.css';

type ArtifactOverviewProps = ImagePanelProps & { readonly artifact: ArtifactView };

function facts(artifact: ArtifactView): readonly KeyValue[] {
  const type = artifact.artifactType ?? artifact.configDescriptor?.mediaType;
  const created = new Map(artifact.annotations).get('org.opencontainers.image.created');
  const blobs = artifact.blobs.length;
  return [
    {
      key: 'Artifact of type',
      value:
        type === undefined ? (
          <span className={css['none']}>not stated</span>
        ) : (
          <>
            <SafeText text={type} /> <span className={css['muted']}>{mediaTypeName(type)}</span>
          </>
        ),
    },
    {
      key: 'Size',
      value: (
        <>
          <Bytes bytes={artifact.totalBytes} />{' '}
          <span className={css['muted']}>
            in {blobs} {blobs === 1 ? 'blob' : 'blobs'}
          </span>
        </>
      ),
    },
    ...(created === undefined ? [] : [{ key: 'Created', value: <TimeAgo time={created} /> }]),
    { key: 'Pull with', value: 'oras or another tool that knows this type; it is not an image to run' },
  ];
}

/** Something that is not a container image: a chart, a signature, an SBOM, a module. */
export function ArtifactOverview({ registryId, repository, artifact }: ArtifactOverviewProps) {
  return (
    <>
      <Section title="Artifact">
        <KeyValueList entries={facts(artifact)} />
      </Section>
      {artifact.blobs.length > 0 && (
        <Section title="Blobs" aside={artifact.blobs.length}>
          <DescriptorTable
            label="Blobs"
            rows={artifact.blobs.map((descriptor, index) => ({ descriptor, name: blobName(descriptor, index) }))}
          />
        </Section>
      )}
      {artifact.subject !== undefined && (
        <Section title="About" aside="the manifest this artifact refers to">
          <DescriptorTable
            label="Subject"
            rows={[
              {
                descriptor: artifact.subject,
                name: 'Subject',
                to: imagePath({ registryId, repository, reference: artifact.subject.digest }),
              },
            ]}
          />
        </Section>
      )}
    </>
  );
}
