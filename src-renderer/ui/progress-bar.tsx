import { cx } from './cx.ts';
import css from './progress-bar.module.css';

export type ProgressBarProps = {
  /** The accessible name: what is under way. */
  readonly label: string;
  /** From 0 to 1; undefined while the end is not known. */
  readonly share: number | undefined;
  readonly tone?: 'accent' | 'success' | 'warning' | 'danger' | 'neutral';
  /** The numbers, for those who cannot see the bar. */
  readonly text: string;
};

/** How far something has come. The same numbers stand in words beside it. */
export function ProgressBar({ label, share, tone = 'accent', text }: ProgressBarProps) {
  const percent = share === undefined ? undefined : Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent === undefined ? undefined : Math.floor(percent)}
      aria-valuetext={text}
      className={cx(css['bar'], css[tone])}
    >
      <span
        className={cx(css['fill'], percent === undefined && css['unknown'])}
        style={percent === undefined ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
