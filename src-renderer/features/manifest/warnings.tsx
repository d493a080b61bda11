import type { ImageView } from '#shared/api/images.ts';
import { OfflineNote } from '../../ui/offline-note.tsx';
import { WarningList } from '../../ui/warning-list.tsx';
import css from './image-page.module.css';

export type WarningsProps = {
  readonly root: ImageView;
  readonly shown: ImageView | undefined;
  readonly onRetry: () => void;
};

/** What the registry or the engine wants a person to know of this image. */
export function Warnings({ root, shown, onRetry }: WarningsProps) {
  const offline = root.offline ?? shown?.offline;
  const all = [...root.warnings, ...(shown === undefined || shown === root ? [] : shown.warnings)];
  if (all.length === 0 && offline === undefined) return null;
  return (
    <div className={css['warnings']}>
      <OfflineNote offline={offline} onRetry={onRetry} />
      <WarningList warnings={all} />
    </div>
  );
}
