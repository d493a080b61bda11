import type { OpenProgress } from '../../queries/files.ts';
import { timeLeftText } from '../../lib/duration-text.ts';
import { formatBytes, formatCount } from '../../lib/format-bytes.ts';
import { Button } from '../../ui/button.tsx';
import { SizeMeter } from '../../ui/size-meter.tsx';
import css from './files.module.css';

export type OpeningProps = { readonly progress: OpenProgress | undefined; readonly onCancel: () => void };

function headline(progress: OpenProgress | undefined): string {
  if (progress === undefined) return 'Opening…';
  if (progress.kind === 'merging') return `Putting ${formatCount(progress.totalEntryCount)} entries together…`;
  return `Reading ${formatBytes(progress.readBytes)} of ${formatBytes(progress.totalBytes)}`;
}

function pace(progress: OpenProgress | undefined): string {
  if (progress?.kind !== 'progress') return '';
  const { bytesPerSecond, secondsLeft } = progress;
  const parts = [
    bytesPerSecond === undefined ? undefined : `${formatBytes(Math.round(bytesPerSecond))}/s`,
    secondsLeft === undefined ? undefined : timeLeftText(secondsLeft),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

function done(progress: OpenProgress | undefined): { readonly value: number; readonly of: number } {
  if (progress === undefined) return { value: 0, of: 1 };
  if (progress.kind === 'merging') return { value: progress.entryCount, of: progress.totalEntryCount };
  return { value: progress.readBytes, of: progress.totalBytes };
}

const STATES = { waiting: 'waiting', reading: 'reading', ready: 'read', foreign: 'not in the registry' } as const;

/** Layers on their way in: how far, how fast, how long, and a way out. */
export function Opening({ progress, onCancel }: OpeningProps) {
  const { value, of } = done(progress);
  const layers = progress?.kind === 'progress' ? progress.layers : [];
  return (
    <div className={css['opening']}>
      <div className={css['openingHead']}>
        <p className={css['openingTitle']} aria-live="polite">
          {headline(progress)}
        </p>
        <span className={css['muted']}>{pace(progress)}</span>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
      <progress className={css['progress']} aria-label="Reading layers" value={value} max={Math.max(1, of)} />
      <ol className={css['openingLayers']}>
        {layers.map((layer) => (
          <li key={layer.index} className={css['openingLayer']}>
            <span>Layer {layer.index + 1}</span>
            <SizeMeter bytes={layer.readBytes} of={layer.totalBytes} />
            <span className={css['number']}>{formatBytes(layer.totalBytes)}</span>
            <span className={css['muted']}>
              {layer.entryCount > 0 ? `${formatCount(layer.entryCount)} entries` : STATES[layer.state]}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
