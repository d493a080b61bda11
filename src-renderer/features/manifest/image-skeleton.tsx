import { Skeleton } from '../../ui/skeleton.tsx';
import css from './image-page.module.css';

const LINES = [220, 300, 180, 340, 260] as const;

export function ImageSkeleton() {
  return (
    <div role="status" aria-label="Loading the image" aria-busy>
      <div className={css['skeleton']}>
        {LINES.map((width) => (
          <div key={width} className={css['skeletonLine']}>
            <Skeleton width={72} />
            <Skeleton width={width} />
          </div>
        ))}
        <Skeleton width="100%" height={20} />
      </div>
    </div>
  );
}
