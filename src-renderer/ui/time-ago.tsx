import { formatExact, formatRelative, parseInstant } from '../lib/format-time.ts';
import css from './time-ago.module.css';
import { Tooltip } from './tooltip.tsx';
import { useNow } from './use-now.ts';

export type TimeAgoProps = {
  /** As the registry had it; absent, a placeholder or not a time is "unknown". */
  readonly time: string | undefined;
};

/** How long ago, with the exact instant on hover. */
export function TimeAgo({ time }: TimeAgoProps) {
  const now = useNow();
  const instant = parseInstant(time);
  if (instant === undefined) return <span className={css['unknown']}>unknown</span>;
  return (
    <Tooltip content={formatExact(instant)}>
      <time dateTime={new Date(instant).toISOString()}>{formatRelative(instant, now)}</time>
    </Tooltip>
  );
}
