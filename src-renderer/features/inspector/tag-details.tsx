import { displayText } from '#shared/oci/display-text.ts';
import { Link } from 'react-router';
import { kindName } from '../../lib/kind-name.ts';
import { imagePath } from '../../lib/paths.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useOptionalImage } from '../../queries/images.ts';
import { useAskSummaryAgain, useTagSummary } from '../../queries/tags.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { Bytes } from '../../ui/bytes.tsx';
import { Digest } from '../../ui/digest.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { AnnotationBlock } from './annotation-block.tsx';
import { CommandBlock } from './command-block.tsx';
import { DetailFrame, DetailSkeleton } from './detail-frame.tsx';
import css from './inspector.module.css';

export type TagDetailsProps = { readonly registryId: string; readonly repository: string; readonly tag: string };

/** One tag: what its row says, whole, with annotations and commands. */
export function TagDetails({ registryId, repository, tag }: TagDetailsProps) {
  const ref = { registryId, repository };
  const summary = useTagSummary(ref, tag);
  const image = useOptionalImage(ref, summary.data?.digest);
  const actions = useErrorActions(registryId, useAskSummaryAgain(ref, tag));
  if (summary.data === undefined) {
    return (
      <DetailFrame kind="Tag" title={tag}>
        {summary.error === null ? (
          <DetailSkeleton />
        ) : (
          <ErrorState compact error={appErrorOf(summary.error)} actions={actions} />
        )}
      </DetailFrame>
    );
  }
  const { data } = summary;
  const basis = data.basisPlatform;
  return (
    <DetailFrame
      kind={kindName(data.kind)}
      title={tag}
      action={
        <Link to={imagePath({ ...ref, reference: tag })} className={css['open']}>
          Open
        </Link>
      }
      facts={[
        { key: 'Digest', value: <Digest digest={data.digest} full /> },
        { key: 'Media type', value: <SafeText text={data.mediaType} /> },
        ...(data.artifactType === undefined
          ? []
          : [{ key: 'Artifact type', value: <SafeText text={data.artifactType} /> }]),
        ...(data.sizeBytes === undefined
          ? []
          : [
              {
                key: basis === undefined ? 'Size' : `Size, ${displayText(basis)}`,
                value: <Bytes bytes={data.sizeBytes} />,
              },
            ]),
        { key: 'Created', value: <TimeAgo time={data.created} /> },
        ...(data.platforms.length === 0
          ? []
          : [{ key: 'Platforms', value: <SafeText text={data.platforms.join('\n')} multiline /> }]),
        ...(data.attestationCount === 0 ? [] : [{ key: 'Attestations', value: data.attestationCount }]),
      ]}
    >
      <CommandBlock {...ref} tag={tag} digest={data.digest} kind={data.kind} />
      {image.data !== undefined && <AnnotationBlock view={image.data} />}
    </DetailFrame>
  );
}
