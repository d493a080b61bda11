import type { OpenProgress } from '../../queries/files.ts';
import { timeLeftText } from '../../lib/duration-text.ts';
import { formatBytes } from '../../lib/format-bytes.ts';
import { Button } from '../../ui/button.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import css from './layers.module.css';

export type ReadLayersProps = {
  /** Of all layers, compressed. */
  readonly bytes: number;
  readonly progress: OpenProgress | undefined;
  readonly isReading: boolean;
  readonly onRead: () => void;
  readonly onCancel: () => void;
};

function progressText(progress: OpenProgress | undefined): string {
  if (progress === undefined) return 'Reading the layers…';
  if (progress.kind === 'merging') return 'Putting the layers together…';
  const left = progress.secondsLeft === undefined ? '' : `, ${timeLeftText(progress.secondsLeft)}`;
  return `Reading the layers: ${formatBytes(progress.readBytes)} of ${formatBytes(progress.totalBytes)}${left}`;
}

/** One line: what reading the layers would tell, or how far it is. */
export function ReadLayers({ bytes, progress, isReading, onRead, onCancel }: ReadLayersProps) {
  return (
    <div className={css['read']} role="status">
      {isReading ? (
        <>
          <Spinner size={14} />
          <span>{progressText(progress)}</span>
          <Button size="sm" onClick={onCancel}>
            Cancel
          </Button>
        </>
      ) : (
        <>
          <span>What each layer changes, and what of it later layers hide, is known once they are read.</span>
          <Button size="sm" onClick={onRead}>
            Read {formatBytes(bytes)}
          </Button>
        </>
      )}
    </div>
  );
}
