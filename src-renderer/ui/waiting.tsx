import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';
import { WaitingIcon } from './icons.ts';
import { ProgressBar } from './progress-bar.tsx';
import { Skeleton } from './skeleton.tsx';
import css from './waiting.module.css';

export type WaitingProps = {
  /** What is waited for, as a sentence without its end: `Reading the document`. */
  readonly title: string;
  /** How far it is, where that is known. */
  readonly progress?: { readonly share: number; readonly text: string } | undefined;
  /** Widths of the lines that will stand there. */
  readonly widths?: readonly number[];
  /** It was given up; `onAgain` begins anew. */
  readonly isStopped: boolean;
  readonly onStop: () => void;
  readonly onAgain: () => void;
};

const WIDTHS: readonly number[] = [60, 42, 54, 30];

/** Whoever waits longer is told for what, and can stop. */
const PATIENCE_MS = 600;

function useIsLate(): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(true);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return isLate;
}

/** In place of something that is on its way: its outline at once, what it waits for and a way out soon after. */
export function Waiting(props: WaitingProps) {
  const { title, isStopped, onAgain } = props;
  if (!isStopped) return <OnItsWay {...props} />;
  return (
    <EmptyState
      icon={WaitingIcon}
      title="Stopped"
      actions={
        <Button variant="primary" onClick={onAgain}>
          Go on
        </Button>
      }
    >
      {title} was stopped. Nothing was changed.
    </EmptyState>
  );
}

function OnItsWay({ title, progress, widths = WIDTHS, onStop }: WaitingProps) {
  const isLate = useIsLate();
  return (
    <div className={css['waiting']} aria-busy role="group" aria-label={title}>
      {isLate && (
        <>
          <div className={css['line']}>
            <span className={css['title']} role="status">
              {title}…
            </span>
            {progress !== undefined && <span>{progress.text}</span>}
            <Button size="sm" onClick={onStop}>
              Cancel
            </Button>
          </div>
          <ProgressBar label={title} share={progress?.share} text={progress?.text ?? title} />
        </>
      )}
      {widths.map((width) => (
        <Skeleton key={width} width={`${width}%`} />
      ))}
    </div>
  );
}
