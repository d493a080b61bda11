import type { ReactNode } from 'react';
import type { aloneLine } from '../../lib/file-tree.ts';
import { waitProgress, type ReadProgress } from '../../lib/layer-reading.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import type { FileSource } from './use-file-source.ts';

export type WholeListProps = {
  readonly line: NonNullable<ReturnType<typeof aloneLine>>;
  readonly source: FileSource;
  readonly progress: ReadProgress | undefined;
  /** When there is nothing. */
  readonly empty: ReactNode;
};

/** In place of all rows: on their way, not there, or why not. */
export function WholeList({ line, source, progress, empty }: WholeListProps) {
  const again = () => {
    source.retry(line.directory);
  };
  if (line.kind === 'empty') return empty;
  if (line.kind === 'error') return <ErrorState error={line.error} actions={{ retry: again }} />;
  return (
    <Waiting
      title="Listing the files"
      progress={waitProgress(progress)}
      isStopped={line.isStopped}
      onStop={() => {
        source.stop(line.directory);
      }}
      onAgain={again}
    />
  );
}
