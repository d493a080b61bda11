import { formatBytes } from '../lib/format-bytes.ts';
import css from './size-bar.module.css';

export type SizePart = {
  readonly key: string;
  /** Plain text: `Layer 3, 28.2 MiB`. */
  readonly label: string;
  readonly bytes: number;
};

export type SizeBarProps = {
  /** What the whole is: `Layers`. */
  readonly label: string;
  readonly parts: readonly SizePart[];
};

/** Parts of a whole by size. The same numbers stand in a list beside it, so the bar is one picture to a screen reader. */
export function SizeBar({ label, parts }: SizeBarProps) {
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  return (
    <div role="img" aria-label={`${label}: ${parts.length} parts, ${formatBytes(total)}`} className={css['bar']}>
      {parts.map((part) => (
        <span
          key={part.key}
          className={css['part']}
          style={{ flexGrow: total === 0 ? 1 : part.bytes / total }}
          title={part.label}
        />
      ))}
    </div>
  );
}
