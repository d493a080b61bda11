import { Skeleton } from '../../ui/skeleton.tsx';
import css from './tag-grid.module.css';
import { WaitingCells } from './tag-cells.tsx';

const WIDTHS = [72, 56, 96, 64, 120, 80, 52, 104, 68, 88] as const;

/** The table before the first names arrive. */
export function TagTableSkeleton() {
  return (
    <div role="status" aria-label="Loading tags" aria-busy className={css['grid']}>
      {WIDTHS.map((width) => (
        <div key={width} className={css['row']}>
          <span className={css['tick']} />
          <div>
            <Skeleton width={width} />
          </div>
          <WaitingCells />
        </div>
      ))}
    </div>
  );
}
