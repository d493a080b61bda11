import type { AppError } from '#shared/api/app-error.ts';
import { errorText } from '../../lib/error-text.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import css from './repository.module.css';
import type { DateProgress } from './use-date-order.ts';
import type { DigestProgress } from './use-digest-items.ts';

/** Says how much the order by date stands on. Gone once every date is known. */
export function DateProgressBar(props: DateProgress & { readonly undatedCount: number }) {
  const { knownCount, totalCount, running, paused, isBehind, sortNow, setPaused, undatedCount } = props;
  if (!running && !paused && undatedCount === 0) return null;
  const rest = `${formatCount(undatedCount)} without a date stand last, by name`;
  return (
    <div className={css['progress']} role="status">
      {running && <Spinner size={14} />}
      <span>
        {running || paused
          ? `Dates known for ${formatCount(knownCount)} of ${formatCount(totalCount)} tags`
          : `Sorted by date; ${rest}`}
      </span>
      <span className={css['spring']} />
      {isBehind && (
        <Button size="sm" onClick={sortNow}>
          Sort by these now
        </Button>
      )}
      {(running || paused) && (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            setPaused(!paused);
          }}
        >
          {paused ? 'Go on' : 'Stop'}
        </Button>
      )}
    </div>
  );
}

export type DigestProgressBarProps = DigestProgress & {
  readonly error: AppError | undefined;
  readonly onRetry: () => void;
};

export function DigestProgressBar(props: DigestProgressBarProps) {
  const { resolvedCount, failedCount, totalCount, running, error, onRetry } = props;
  if (!running && failedCount === 0 && error === undefined) return null;
  const failed = failedCount === 0 ? '' : `; ${formatCount(failedCount)} could not be resolved`;
  const counts = `${formatCount(resolvedCount)} of ${formatCount(totalCount)} tags resolved${failed}`;
  return (
    <div className={css['progress']} role="status">
      {running && <Spinner size={14} />}
      <span>
        <SafeText text={error === undefined ? counts : `${counts}. ${errorText(error).title}.`} />
      </span>
      <span className={css['spring']} />
      {!running && (
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
