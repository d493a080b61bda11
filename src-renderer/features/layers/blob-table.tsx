import type { LayerView } from '#shared/api/images.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { mediaTypeName } from '../../lib/media-type-name.ts';
import type { ReactNode } from 'react';
import { useSelection, type Selection } from '../../state/selection.ts';
import { Badge } from '../../ui/badge.tsx';
import { Bytes } from '../../ui/bytes.tsx';
import { cx } from '../../ui/cx.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SizeMeter } from '../../ui/size-meter.tsx';
import css from './layers.module.css';

export type BlobRow = {
  readonly key: string;
  /** Registry text. */
  readonly name: string;
  readonly descriptor: Descriptor;
  /** The instruction that made it. Registry text. */
  readonly detail?: string | undefined;
  readonly compression?: LayerView['compression'];
  readonly foreign: boolean;
  readonly selection: Selection;
  /** What it does to the layers below it; no column when no row has it. */
  readonly changes?: ReactNode;
};

export type BlobTableProps = { readonly label: string; readonly rows: readonly BlobRow[] };

const COMPRESSIONS: Readonly<Record<LayerView['compression'], string>> = {
  gzip: 'gzip',
  zstd: 'zstd',
  none: 'not compressed',
  unknown: 'unknown',
};

function isSame(selection: Selection, row: BlobRow): boolean {
  if (selection.kind === 'layer' && row.selection.kind === 'layer') {
    return selection.index === row.selection.index && selection.layer.descriptor.digest === row.descriptor.digest;
  }
  return selection.kind === 'descriptor' && selection.descriptor === row.descriptor;
}

/** Blobs with their size as a bar. The name of each is a button over its whole row: it shows the blob in the inspector. */
export function BlobTable({ label, rows }: BlobTableProps) {
  const selection = useSelection((state) => state.selection);
  const largest = Math.max(0, ...rows.map(({ descriptor }) => descriptor.sizeBytes));
  const hasChanges = rows.some(({ changes }) => changes !== undefined);
  return (
    <table className={css['table']} aria-label={label}>
      <thead>
        <tr className={css['head']}>
          <th scope="col" className={css['name']}>
            Name
          </th>
          <th scope="col" className={css['size']}>
            Size
          </th>
          <th scope="col" className={css['meter']}>
            <span className="visually-hidden">Size beside the largest</span>
          </th>
          <th scope="col" className={css['detail']}>
            Instruction
          </th>
          {hasChanges && (
            <th scope="col" className={css['changes']}>
              Changes
            </th>
          )}
          <th scope="col" className={css['type']}>
            Type
          </th>
          <th scope="col" className={css['digest']}>
            Digest
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.key} row={row} largest={largest} selected={isSame(selection, row)} />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = { readonly row: BlobRow; readonly largest: number; readonly selected: boolean };

function Row({ row, largest, selected }: RowProps) {
  const select = useSelection((state) => state.select);
  const { descriptor, name, detail, compression, foreign } = row;
  const type = mediaTypeName(descriptor.mediaType) ?? descriptor.mediaType;
  return (
    <tr className={cx(css['row'], selected && css['selected'])}>
      <th scope="row" className={css['name']}>
        <button
          type="button"
          aria-pressed={selected}
          className={css['rowButton']}
          onClick={() => {
            select(row.selection);
          }}
        >
          <SafeText text={name} />
        </button>
        {foreign && <Badge tone="warning">foreign</Badge>}
      </th>
      <td className={css['size']}>
        <Bytes bytes={descriptor.sizeBytes} />
      </td>
      <td className={css['meter']}>
        <SizeMeter bytes={descriptor.sizeBytes} of={largest} />
      </td>
      <td className={css['detail']} title={detail === undefined ? undefined : displayText(detail)}>
        {detail === undefined ? (
          <span className={css['none']}>–</span>
        ) : (
          <code>
            <SafeText text={detail} />
          </code>
        )}
      </td>
      {row.changes !== undefined && <td className={css['changes']}>{row.changes}</td>}
      <td className={css['type']} title={displayText(descriptor.mediaType)}>
        <SafeText text={compression === undefined ? type : COMPRESSIONS[compression]} />
      </td>
      <td className={css['digest']} title={descriptor.digest}>
        <code>{shortDigest(descriptor.digest)}</code>
      </td>
    </tr>
  );
}
