import { summarise } from '../../lib/transfer-list.ts';
import { usePauseAll, useTransferList } from '../../queries/transfers.ts';
import { Button } from '../../ui/button.tsx';
import { PauseIcon, ResumeIcon } from '../../ui/icons.ts';

export type PauseButtonsProps = { readonly variant?: 'secondary' | 'ghost' };

/** All of them at once: what goes on can be paused, what was paused can go on. */
export function PauseButtons({ variant = 'secondary' }: PauseButtonsProps) {
  const { runningCount, queuedCount, pausedCount } = summarise(useTransferList()?.transfers ?? []);
  const { pauseAll, resumeAll } = usePauseAll();
  return (
    <>
      {runningCount + queuedCount > 0 && (
        <Button
          size="sm"
          variant={variant}
          icon={PauseIcon}
          onClick={() => {
            pauseAll.mutate(undefined);
          }}
        >
          Pause all
        </Button>
      )}
      {pausedCount > 0 && (
        <Button
          size="sm"
          variant={variant}
          icon={ResumeIcon}
          onClick={() => {
            resumeAll.mutate(undefined);
          }}
        >
          Resume all
        </Button>
      )}
    </>
  );
}
