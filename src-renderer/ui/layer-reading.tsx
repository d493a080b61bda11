import type { ErrorActions } from '../lib/error-text.ts';
import { formatBytes, formatCount } from '../lib/format-bytes.ts';
import { doneOf, paceText, readingText, type Reading, type ReadProgress } from '../lib/layer-reading.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { EmptyState } from './empty-state.tsx';
import { ErrorState } from './error-state.tsx';
import { LayersIcon } from './icons.ts';
import css from './layer-reading.module.css';
import { SizeMeter } from './size-meter.tsx';

export type LayerReadingProps = {
  readonly reading: Reading;
  /** What can be done about an error, `retry` not among it. */
  readonly actions: ErrorActions;
  /** What is told once the layers are read. Plain text. */
  readonly why: string;
  /** One line, above something that is shown meanwhile. */
  readonly compact?: boolean;
};

/** Layers that are not read yet: a question when they are large, how far they are, or why not. */
export function LayerReading({ reading, actions, why, compact = false }: LayerReadingProps) {
  if (reading.state === 'failed') {
    return <ErrorState compact={compact} error={reading.error} actions={{ ...actions, retry: reading.read }} />;
  }
  if (reading.state === 'reading') {
    return <Progress progress={reading.progress} onCancel={reading.cancel} compact={compact} />;
  }
  if (compact) {
    return (
      <div className={css['line']}>
        <span className={css['reason']}>{why}</span>
        <Button size="sm" onClick={reading.read}>
          Read {formatBytes(reading.bytes)}
        </Button>
      </div>
    );
  }
  return (
    <EmptyState
      icon={LayersIcon}
      title={`${formatBytes(reading.bytes)} to read`}
      actions={
        <Button variant="primary" onClick={reading.read}>
          Read the layers
        </Button>
      }
    >
      {why} What was read is kept, so the next look is immediate.
    </EmptyState>
  );
}

type ProgressProps = {
  readonly progress: ReadProgress | undefined;
  readonly onCancel: () => void;
  readonly compact: boolean;
};

function Progress({ progress, onCancel, compact }: ProgressProps) {
  const layers = progress?.kind === 'progress' && !compact ? progress.layers : [];
  return (
    <div className={cx(css['reading'], compact && css['compact'])}>
      <div className={css['line']}>
        <span className={css['title']} role="status">
          {readingText(progress)}
        </span>
        <span>{paceText(progress)}</span>
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <progress className={css['progress']} aria-label="Reading layers" {...doneOf(progress)} />
      {layers.length > 0 && (
        <ol className={css['layers']}>
          {layers.map((layer) => (
            <li key={layer.index} className={css['layer']}>
              <span>Layer {layer.index + 1}</span>
              <SizeMeter bytes={layer.readBytes} of={layer.totalBytes} />
              <span className={css['number']}>{formatBytes(layer.totalBytes)}</span>
              <span>
                {layer.entryCount > 0
                  ? `${formatCount(layer.entryCount)} ${layer.entryCount === 1 ? 'entry' : 'entries'}`
                  : STATES[layer.state]}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

const STATES = { waiting: 'waiting', reading: 'reading', ready: 'read', foreign: 'not in the registry' } as const;
