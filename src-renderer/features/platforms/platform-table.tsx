import { Link } from 'react-router';
import { errorText } from '../../lib/error-text.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { imagePath } from '../../lib/paths.ts';
import type { SharedLayer } from '../../lib/platform-matrix.ts';
import { Button } from '../../ui/button.tsx';
import { Bytes } from '../../ui/bytes.tsx';
import { Digest } from '../../ui/digest.tsx';
import { MatrixTable, type MatrixFact } from '../../ui/matrix-table.tsx';
import { PlatformName } from '../../ui/platform-name.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import type { PlatformColumn } from './platform-column.ts';
import css from './platforms.module.css';

export type PlatformTableProps = Pick<ImagePanelProps, 'registryId' | 'repository' | 'reference'> & {
  readonly columns: readonly PlatformColumn[];
  readonly shared: readonly SharedLayer[];
};

/** What is there once the image of a platform has come, a bar before, the reason when it did not. */
function Loaded({
  column,
  children,
}: {
  readonly column: PlatformColumn;
  readonly children: (image: LoadedImage) => React.ReactNode;
}) {
  if (column.image !== undefined) return children(column.image);
  if (column.error === undefined) return <Skeleton width={72} />;
  return <span className={css['muted']}>–</span>;
}

type LoadedImage = NonNullable<PlatformColumn['image']>;

function layersText(image: LoadedImage, shared: ReadonlySet<string>) {
  const sharedCount = image.layers.filter(({ descriptor }) => shared.has(descriptor.digest)).length;
  return (
    <>
      {image.layers.length}
      {sharedCount > 0 && <span className={css['muted']}> · {sharedCount} shared</span>}
    </>
  );
}

function facts({ columns, shared, registryId, repository }: PlatformTableProps): readonly MatrixFact[] {
  const digests = new Set(shared.map(({ digest }) => digest));
  const hasAttestations = columns.some(({ child }) => child.attestations.length > 0);
  const perImage = (key: string, read: (image: LoadedImage) => React.ReactNode): MatrixFact => ({
    key,
    label: key,
    cells: columns.map((column) => (
      <Loaded key={column.child.descriptor.digest} column={column}>
        {read}
      </Loaded>
    )),
  });
  return [
    {
      key: 'Digest',
      label: 'Digest',
      cells: columns.map(({ child }) => <Digest key="digest" digest={child.descriptor.digest} />),
    },
    perImage('Size', (image) => <Bytes bytes={image.totalBytes} />),
    perImage('Layers', (image) => layersText(image, digests)),
    perImage('Created', (image) => <TimeAgo time={image.config.created} />),
    ...(hasAttestations
      ? [
          {
            key: 'Attestations',
            label: 'Attestations',
            cells: columns.map(({ child }) => (
              <Attestations key="attestations" {...{ child, registryId, repository }} />
            )),
          },
        ]
      : []),
  ];
}

type AttestationsProps = Pick<PlatformColumn, 'child'> & Pick<ImagePanelProps, 'registryId' | 'repository'>;

function Attestations({ child, registryId, repository }: AttestationsProps) {
  if (child.attestations.length === 0) return <span className={css['muted']}>none</span>;
  return child.attestations.map(({ digest }, index) => (
    <div key={digest}>
      <Link to={imagePath({ registryId, repository, reference: digest })} className={css['link']}>
        Attestation{child.attestations.length > 1 ? ` ${index + 1}` : ''}
      </Link>
    </div>
  ));
}

/** The facts of each platform, and the way to it. */
export function PlatformTable(props: PlatformTableProps) {
  const { columns, registryId, repository, reference } = props;
  return (
    <MatrixTable
      label="Platforms"
      columns={columns.map(({ child, error, retry }) => ({
        key: child.descriptor.digest,
        head: (
          <>
            <Link
              to={imagePath({ registryId, repository, reference, platform: child.descriptor.digest })}
              className={css['platform']}
            >
              <PlatformName text={child.platformText ?? 'no platform'} />
            </Link>
            {error !== undefined && error.kind !== 'cancelled' && (
              <div className={css['error']} role="alert">
                <SafeText text={errorText(error).title} />{' '}
                <Button size="sm" variant="ghost" onClick={retry}>
                  Try again
                </Button>
              </div>
            )}
          </>
        ),
      }))}
      facts={facts(props)}
    />
  );
}
