import css from './skeleton.module.css';

export type SkeletonProps = {
  /** The final width of what will be there, so that nothing moves when it comes. */
  readonly width: number | string;
  readonly height?: number;
};

export function Skeleton({ width, height = 12 }: SkeletonProps) {
  return <span className={css['skeleton']} style={{ width, height }} aria-hidden />;
}
