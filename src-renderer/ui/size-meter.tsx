import css from './size-bar.module.css';

export type SizeMeterProps = {
  readonly bytes: number;
  /** The size that fills the line: the largest of the list. */
  readonly of: number;
};

/** How large one thing is beside the largest. The number stands beside it. */
export function SizeMeter({ bytes, of }: SizeMeterProps) {
  const share = of === 0 ? 0 : Math.min(1, bytes / of);
  return (
    <span className={css['meter']} aria-hidden>
      {bytes > 0 && <span className={css['fill']} style={{ width: `${share * 100}%` }} />}
    </span>
  );
}
