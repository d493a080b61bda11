import type { Descriptor } from '#shared/oci/descriptor.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { imagePath } from '../../lib/paths.ts';
import { referrerKind } from '../../lib/referrer-kind.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useSelection } from '../../state/selection.ts';
import { Bytes } from '../../ui/bytes.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { ChevronRightIcon, InfoIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import css from './referrers.module.css';

export type ReferrerTableProps = RepositoryRef & {
  /** The manifest they refer to. */
  readonly subject: string;
  readonly referrers: readonly Descriptor[];
  /** What refers to one of them in turn, shown under its row when asked for; absent where the chain ends. */
  readonly renderBelow?: ((referrer: Descriptor) => ReactNode) | undefined;
};

const CREATED = 'org.opencontainers.image.created';

/** One line a referrer: what it is for leads to it; the inspector shows its annotations. */
export function ReferrerTable({ registryId, repository, subject, referrers, renderBelow }: ReferrerTableProps) {
  return (
    <table className={css['table']} aria-label="Referrers">
      <thead>
        <tr className={css['head']}>
          <th scope="col" className={css['kind']}>
            Kind
          </th>
          <th scope="col">Artifact type</th>
          <th scope="col" className={css['created']}>
            Created
          </th>
          <th scope="col" className={css['size']}>
            Manifest
          </th>
          <th scope="col" className={css['digest']}>
            Digest
          </th>
          <th scope="col" className={css['more']}>
            <span className="visually-hidden">Details</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {referrers.map((referrer) => (
          <Row
            key={referrer.digest}
            registryId={registryId}
            repository={repository}
            subject={subject}
            referrer={referrer}
            renderBelow={renderBelow}
          />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = Omit<ReferrerTableProps, 'referrers'> & { readonly referrer: Descriptor };

function Row({ renderBelow, ...props }: RowProps) {
  const [isOpen, setOpen] = useState(false);
  const toggle = () => {
    setOpen((before) => !before);
  };
  return (
    <>
      <tr className={css['row']}>
        <Cells {...props} open={renderBelow === undefined ? undefined : isOpen} onToggle={toggle} />
      </tr>
      {isOpen && renderBelow !== undefined && (
        <tr>
          <td colSpan={6} className={css['below']}>
            {renderBelow(props.referrer)}
          </td>
        </tr>
      )}
    </>
  );
}

type CellsProps = Omit<RowProps, 'renderBelow'> & {
  /** Undefined where there is nothing to open. */
  readonly open: boolean | undefined;
  readonly onToggle: () => void;
};

function Cells({ registryId, repository, subject, referrer, open, onToggle }: CellsProps) {
  const select = useSelection((state) => state.select);
  const kind = referrerKind(referrer);
  const type = referrer.artifactType ?? referrer.mediaType;
  const created = referrer.annotations.find(([name]) => name === CREATED)?.[1];
  return (
    <>
      <th scope="row" className={css['kind']}>
        {open !== undefined && (
          <button
            type="button"
            className={css['twisty']}
            aria-expanded={open}
            aria-label={`What refers to ${kind} ${shortDigest(referrer.digest)}`}
            onClick={onToggle}
          >
            <ChevronRightIcon size={14} aria-hidden />
          </button>
        )}
        <Link
          to={imagePath({ registryId, repository, reference: referrer.digest, referrerOf: subject })}
          className={css['link']}
        >
          {kind}
        </Link>
      </th>
      <td className={css['type']} title={displayText(type)}>
        <SafeText text={type} />
      </td>
      <td className={css['created']}>
        {created === undefined ? <span className={css['unknown']}>not stated</span> : <TimeAgo time={created} />}
      </td>
      <td className={css['size']}>
        <Bytes bytes={referrer.sizeBytes} />
      </td>
      <td className={css['digest']} title={referrer.digest}>
        <code>{shortDigest(referrer.digest)}</code>
      </td>
      <td className={css['more']}>
        <IconButton
          size="sm"
          label={`Details of ${kind} ${shortDigest(referrer.digest)}`}
          icon={InfoIcon}
          onClick={() => {
            select({ kind: 'descriptor', registryId, repository, descriptor: referrer, label: kind });
          }}
        />
      </td>
    </>
  );
}
