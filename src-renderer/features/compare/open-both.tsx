import type { ImageComparison } from '#shared/api/compare.ts';
import { useState, type ReactNode } from 'react';
import { timeLeftText } from '../../lib/duration-text.ts';
import { formatBytes } from '../../lib/format-bytes.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import type { Targets } from '../../queries/compare.ts';
import { useOpenFiles, type OpenProgress } from '../../queries/files.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { LayersIcon } from '../../ui/icons.ts';
import css from './compare.module.css';

export type OpenBothProps = {
  readonly targets: Targets;
  readonly comparison: ImageComparison;
  /** Shown when the layers of both are read. */
  readonly children: ReactNode;
};

const READ_AT_ONCE_BYTES = 128 * 1024 * 1024;

/** Reads the layers of both sides first: at once when they are small, else when asked to. */
export function OpenBoth({ targets, comparison, children }: OpenBothProps) {
  const bytes = comparison.sharedBytes + comparison.leftOnlyBytes + comparison.rightOnlyBytes;
  const [wanted, setWanted] = useState(bytes <= READ_AT_ONCE_BYTES);
  const left = useOpenFiles(targets.left, wanted);
  // One after the other: layers in both are then read once.
  const right = useOpenFiles(targets.right, wanted && left.opened !== undefined);
  const error = left.error ?? right.error;
  const retry = () => {
    setWanted(true);
    (left.opened === undefined ? left : right).retry();
  };
  const actions = useErrorActions(targets.left.registryId, retry);
  if (left.opened !== undefined && right.opened !== undefined) return children;
  if (left.isOpening || right.isOpening) {
    const cancel = () => {
      setWanted(false);
      left.cancel();
      right.cancel();
    };
    return (
      <Reading
        side={left.opened === undefined ? 'left' : 'right'}
        progress={left.progress ?? right.progress}
        onCancel={cancel}
      />
    );
  }
  if (wanted && error !== null) return <ErrorState error={appErrorOf(error)} actions={actions} />;
  return (
    <EmptyState
      icon={LayersIcon}
      title={`Up to ${formatBytes(bytes)} to read`}
      actions={
        <Button variant="primary" onClick={retry}>
          Read the layers
        </Button>
      }
    >
      Files are compared once the layers of both images are read. Layers that both share are read once.
    </EmptyState>
  );
}

type ReadingProps = {
  readonly side: 'left' | 'right';
  readonly progress: OpenProgress | undefined;
  readonly onCancel: () => void;
};

function Reading({ side, progress, onCancel }: ReadingProps) {
  const isBytes = progress?.kind === 'progress';
  const left = isBytes && progress.secondsLeft !== undefined ? ` · ${timeLeftText(progress.secondsLeft)}` : '';
  return (
    <div className={css['reading']} role="status">
      <span>
        Reading the {side} image
        {isBytes && `: ${formatBytes(progress.readBytes)} of ${formatBytes(progress.totalBytes)}${left}`}
      </span>
      <progress
        className={css['progress']}
        aria-label="Reading layers"
        value={isBytes ? progress.readBytes : 0}
        max={isBytes ? Math.max(1, progress.totalBytes) : 1}
      />
      <Button size="sm" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
