import type { InstalledPackage } from '#shared/api/packages.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { Link } from 'react-router';
import { formatBytes } from '../../lib/format-bytes.ts';
import { filesPath, type ImagePanelProps } from '../../lib/image-panel.ts';
import { ECOSYSTEM_NAMES } from '../../lib/package-text.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './packages.module.css';

const HEAD = ['Package', 'Version', 'Manager', 'Licence', 'Size', 'From'] as const;

/** The heads of the columns below. */
export const PACKAGE_HEAD = HEAD.map((label) => (
  <span key={label} role="columnheader" className={label === 'Size' ? css['number'] : undefined}>
    {label}
  </span>
));

export type PackageCellsProps = { readonly row: InstalledPackage; readonly place: ImagePanelProps };

/** One package, and the file that says so. */
export function PackageCells({ row, place }: PackageCellsProps) {
  const to = filesPath(place, { show: 'image', deleted: false, path: row.path });
  return (
    <>
      <span role="gridcell" className={css['name']} title={displayText(row.name)}>
        <SafeText text={row.name} />
        {row.architecture !== undefined && (
          <span className={css['muted']}>
            {' '}
            <SafeText text={row.architecture} />
          </span>
        )}
      </span>
      <span role="gridcell" className={css['version']} title={displayText(row.version)}>
        <SafeText text={row.version} />
      </span>
      <span role="gridcell" className={css['muted']}>
        {ECOSYSTEM_NAMES[row.ecosystem]}
      </span>
      <span role="gridcell" className={css['muted']} title={displayText(row.license ?? '')}>
        <SafeText text={row.license ?? '–'} />
      </span>
      <span role="gridcell" className={css['number']}>
        {row.sizeBytes === undefined ? '–' : formatBytes(row.sizeBytes)}
      </span>
      <span role="gridcell">
        <Link to={to} tabIndex={-1} className={css['link']} title={displayText(`/${row.path}`)}>
          <SafeText text={`/${row.path}`} />
        </Link>
      </span>
    </>
  );
}
