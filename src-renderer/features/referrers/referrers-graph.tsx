import type { IndexChild, IndexView } from '#shared/api/images.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import { platformChildren, type ImagePanelProps } from '../../lib/image-panel.ts';
import { imagePath } from '../../lib/paths.ts';
import { referrerKind, type ReferrerKind } from '../../lib/referrer-kind.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useReferrerPages } from '../../queries/referrers.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import {
  ArtifactIcon,
  AttestationIcon,
  ImageIcon,
  IndexIcon,
  KeyIcon,
  PackagesIcon,
  WarningIcon,
  type Icon,
} from '../../ui/icons.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import css from './graph.module.css';
import { GraphLeaf, GraphNode } from './graph-node.tsx';
import { MOST_DEEP } from './most-deep.ts';

const ICONS: Readonly<Record<ReferrerKind, Icon>> = {
  Signature: KeyIcon,
  SBOM: PackagesIcon,
  Attestation: AttestationIcon,
  'Scan report': WarningIcon,
  Artifact: ArtifactIcon,
};

/** The same as the lists, drawn: what hangs on the index and its platforms, and what hangs on that. */
export function ReferrersGraph(props: ImagePanelProps) {
  const { root, chosen, reference, repository } = props;
  const isIndex = root.kind === 'index';
  return (
    <div className={css['frame']}>
      <ul className={css['graph']} aria-label="Graph of referrers">
        <GraphNode
          icon={isIndex ? IndexIcon : ImageIcon}
          title={`${repository.slice(repository.lastIndexOf('/') + 1)}${reference.includes(':') ? '' : `:${reference}`}`}
          digest={root.digest}
          isOpenAtFirst
          renderBelow={() => (
            <>
              <Referrers of={props} subject={root.digest} above={[]} />
              {isIndex && <Platforms of={props} index={root} chosen={chosen?.child} />}
            </>
          )}
        />
      </ul>
    </div>
  );
}

type PlatformsProps = {
  readonly of: RepositoryRef;
  readonly index: IndexView;
  readonly chosen: IndexChild | undefined;
};

/** The platforms of the index, with the attestations that the index itself puts beside them. */
function Platforms({ of: { registryId, repository }, index, chosen }: PlatformsProps) {
  const place = { registryId, repository };
  return platformChildren(index).map((child) => (
    <GraphNode
      key={child.descriptor.digest}
      icon={ImageIcon}
      title={child.platformText ?? 'no platform'}
      to={imagePath({ ...place, reference: child.descriptor.digest })}
      digest={child.descriptor.digest}
      isOpenAtFirst={child.descriptor.digest === chosen?.descriptor.digest}
      renderBelow={() => (
        <>
          {child.attestations.map(({ digest }) => (
            <GraphNode
              key={digest}
              icon={AttestationIcon}
              title="Attestation"
              to={imagePath({ ...place, reference: digest })}
              digest={digest}
              detail="in the index"
            />
          ))}
          <Referrers
            of={place}
            subject={child.descriptor.digest}
            above={[index.digest]}
            isQuiet={child.attestations.length > 0}
          />
        </>
      )}
    />
  ));
}

type ReferrersProps = {
  readonly of: RepositoryRef;
  readonly subject: Digest;
  /** What the chain has come by. */
  readonly above: readonly string[];
  /** Nothing is said where there is nothing: something else hangs there. */
  readonly isQuiet?: boolean;
};

/** What refers to one manifest. */
function Referrers({ of: { registryId, repository }, subject, above, isQuiet = false }: ReferrersProps) {
  const pages = useReferrerPages({ registryId, repository }, subject);
  const actions = useErrorActions(registryId, () => void pages.refetch());
  if (pages.data === undefined) {
    return (
      <GraphLeaf>
        {pages.error === null ? (
          <Skeleton width={120} />
        ) : (
          <ErrorState compact error={appErrorOf(pages.error)} actions={actions} />
        )}
      </GraphLeaf>
    );
  }
  const chain = [...above, subject];
  const all = [
    ...new Map(pages.data.pages.flatMap((page) => page.referrers).map((each) => [each.digest, each])).values(),
  ];
  const shown = all.filter(({ digest }) => !chain.includes(digest));
  if (shown.length === 0) return isQuiet ? null : <GraphLeaf>nothing refers to it</GraphLeaf>;
  return (
    <>
      {shown.map((referrer) => (
        <Referrer
          key={referrer.digest}
          of={{ registryId, repository }}
          referrer={referrer}
          subject={subject}
          above={chain}
        />
      ))}
      {pages.hasNextPage && (
        <GraphLeaf>
          <Button size="sm" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {formatCount(shown.length)} shown, load more
          </Button>
        </GraphLeaf>
      )}
    </>
  );
}

type ReferrerProps = ReferrersProps & { readonly referrer: Descriptor };

function Referrer({ of, referrer, subject, above }: ReferrerProps) {
  const kind = referrerKind(referrer);
  return (
    <GraphNode
      icon={ICONS[kind]}
      title={kind}
      to={imagePath({ ...of, reference: referrer.digest, referrerOf: subject })}
      digest={referrer.digest}
      detail={referrer.artifactType ?? referrer.mediaType}
      renderBelow={
        above.length >= MOST_DEEP ? undefined : () => <Referrers of={of} subject={referrer.digest} above={above} />
      }
    />
  );
}
