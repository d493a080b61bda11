import type { Descriptor } from '#shared/oci/descriptor.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { Link } from 'react-router';
import { mediaTypeName } from '../lib/media-type-name.ts';
import { Bytes } from './bytes.tsx';
import css from './descriptor-table.module.css';
import { SafeText } from './safe-text.tsx';

export type DescriptorRow = {
  readonly descriptor: Descriptor;
  /** What it is to the thing on screen. Shown as registry text. */
  readonly name: string;
  /** Where its name leads; without it the row only tells. */
  readonly to?: string | undefined;
};

export type DescriptorTableProps = {
  /** The accessible name. */
  readonly label: string;
  readonly rows: readonly DescriptorRow[];
};

/** Descriptors one under another: name, kind, size, digest. */
export function DescriptorTable({ label, rows }: DescriptorTableProps) {
  return (
    <table className={css['table']} aria-label={label}>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Kind</th>
          <th scope="col">Size</th>
          <th scope="col">Digest</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ descriptor, name, to }) => (
          <tr key={`${descriptor.digest} ${name}`} className={css['row']}>
            <th scope="row" className={css['name']}>
              {to === undefined ? (
                <SafeText text={name} />
              ) : (
                <Link to={to} className={css['link']}>
                  <SafeText text={name} />
                </Link>
              )}
            </th>
            <td className={css['type']} title={displayText(descriptor.mediaType)}>
              <SafeText text={descriptor.artifactType ?? mediaTypeName(descriptor.mediaType) ?? descriptor.mediaType} />
            </td>
            <td className={css['size']}>
              <Bytes bytes={descriptor.sizeBytes} />
            </td>
            <td className={css['digest']} title={descriptor.digest}>
              <code>{shortDigest(descriptor.digest)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
