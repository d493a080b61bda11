import type { ImageView } from '#shared/api/images.ts';
import { isDigest, shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { formatExactBytes } from '../../lib/format-bytes.ts';
import { kindName } from '../../lib/kind-name.ts';
import { useImage, useOptionalImage } from '../../queries/images.ts';
import { Bytes } from '../../ui/bytes.tsx';
import { Digest } from '../../ui/digest.tsx';
import type { KeyValue } from '../../ui/key-value-list.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { AnnotationBlock } from './annotation-block.tsx';
import { CommandBlock } from './command-block.tsx';
import { DetailFrame, DetailSkeleton } from './detail-frame.tsx';
import css from './inspector.module.css';

export type ImageDetailsProps = {
  readonly registryId: string;
  readonly repository: string;
  readonly reference: string;
  /** Digest of the child shown, for an index. */
  readonly platform?: string | undefined;
};

function createdOf(view: ImageView): string | undefined {
  const annotated = new Map(view.annotations).get('org.opencontainers.image.created');
  return annotated ?? (view.kind === 'image' ? view.config.created : undefined);
}

function contentFacts(view: ImageView): readonly KeyValue[] {
  if (view.kind !== 'image' && view.kind !== 'artifact') return [];
  return [{ key: 'Content, compressed', value: <Bytes bytes={view.totalBytes} /> }];
}

function subjectFacts({ subject }: ImageView): readonly KeyValue[] {
  return subject === undefined ? [] : [{ key: 'Subject', value: <Digest digest={subject.digest} full /> }];
}

function facts(root: ImageView, shown: ImageView): readonly KeyValue[] {
  const created = createdOf(shown);
  return [
    { key: root === shown ? 'Digest' : 'Index digest', value: <Digest digest={root.digest} full /> },
    ...(root === shown || shown.kind !== 'image'
      ? []
      : [{ key: `Digest, ${displayText(shown.platformText)}`, value: <Digest digest={shown.digest} full /> }]),
    { key: 'Media type', value: <SafeText text={shown.mediaType} /> },
    { key: 'Manifest size', value: formatExactBytes(shown.sizeBytes) },
    ...contentFacts(shown),
    ...(created === undefined ? [] : [{ key: 'Created', value: <TimeAgo time={created} /> }]),
    ...(shown.artifactType === undefined
      ? []
      : [{ key: 'Artifact type', value: <SafeText text={shown.artifactType} /> }]),
    ...subjectFacts(shown),
  ];
}

/** The image page's own details: of the platform shown when it is an index. */
export function ImageDetails({ registryId, repository, reference, platform }: ImageDetailsProps) {
  const ref = { registryId, repository };
  const root = useImage({ ...ref, reference });
  const child = useOptionalImage(ref, platform);
  const title = isDigest(reference) ? shortDigest(reference) : reference;
  if (root.data === undefined) {
    return (
      <DetailFrame kind="Image" title={title}>
        {root.error === null ? <DetailSkeleton /> : <p className={css['note']}>It could not be loaded.</p>}
      </DetailFrame>
    );
  }
  const isIndex = root.data.kind === 'index';
  const shown = (isIndex ? child.data : undefined) ?? root.data;
  const tag = isDigest(reference) ? undefined : reference;
  return (
    <DetailFrame kind={kindName(root.data.kind)} title={title} facts={facts(root.data, shown)}>
      <CommandBlock
        {...ref}
        tag={tag}
        digest={shown.digest}
        kind={shown.kind}
        platform={isIndex && shown.kind === 'image' ? shown.platformText : undefined}
      />
      <AnnotationBlock view={shown} />
    </DetailFrame>
  );
}
