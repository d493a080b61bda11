import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { WasteRow } from '#shared/api/layers.ts';
import { Link } from 'react-router';
import { hidingText } from '../../lib/file-text.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import { filesPath, type ImagePanelProps } from '../../lib/image-panel.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useWaste } from '../../queries/layers.ts';
import { Button } from '../../ui/button.tsx';
import { Bytes } from '../../ui/bytes.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import css from './layers.module.css';

export type WasteListProps = ImagePanelProps & { readonly target: FilesTarget };

/** Contents that no path of the finished image has any more, the largest first. */
export function WasteList({ target, ...place }: WasteListProps) {
  const waste = useWaste(target, {});
  if (waste.error !== null) {
    return <ErrorState compact error={appErrorOf(waste.error)} actions={{ retry: () => void waste.refetch() }} />;
  }
  const rows = waste.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = waste.data?.pages[0]?.totalCount ?? 0;
  return (
    <section aria-label="Hidden files" className={css['wasteList']}>
      <table className={css['wasteTable']}>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" className={css['size']}>
              Size
            </th>
            <th scope="col">Shipped by</th>
            <th scope="col">Then</th>
          </tr>
        </thead>
        <tbody aria-busy={waste.data === undefined || undefined}>
          {waste.data === undefined && GHOSTS.map((width) => <Ghost key={width} width={width} />)}
          {rows.map((row) => (
            <Row key={`${row.shippedBy} ${row.path}`} row={row} place={place} />
          ))}
        </tbody>
      </table>
      {waste.hasNextPage && (
        <div className={css['wasteMore']}>
          {formatCount(rows.length)} of {formatCount(total)} shown
          <Button size="sm" busy={waste.isFetchingNextPage} onClick={() => void waste.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </section>
  );
}

const GHOSTS = [180, 120, 150] as const;

function Ghost({ width }: { readonly width: number }) {
  return (
    <tr>
      <td>
        <Skeleton width={width} />
      </td>
      <td className={css['size']}>
        <Skeleton width={48} />
      </td>
      <td>
        <Skeleton width={44} />
      </td>
      <td>
        <Skeleton width={110} />
      </td>
    </tr>
  );
}

function Row({ row, place }: { readonly row: WasteRow; readonly place: ImagePanelProps }) {
  const to = filesPath(place, { show: 'layer', layer: row.shippedBy, deleted: false, path: row.path });
  return (
    <tr>
      <td className={css['wastePath']}>
        <Link to={to}>
          <SafeText text={`/${row.path}`} />
        </Link>
      </td>
      <td className={css['size']}>
        <Bytes bytes={row.wastedBytes} />
      </td>
      <td>layer {row.shippedBy + 1}</td>
      <td title={hidingText(row.hiddenBy)}>{hidingText(row.hiddenBy)}</td>
    </tr>
  );
}
