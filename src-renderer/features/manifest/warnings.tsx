import type { ImageView } from '#shared/api/images.ts';
import { Banner } from '../../ui/banner.tsx';
import { OfflineNote } from '../../ui/offline-note.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
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
  const unique = new Map(all.map((warning) => [`${warning.source} ${warning.text}`, warning]));
  if (unique.size === 0 && offline === undefined) return null;
  return (
    <div className={css['warnings']}>
      <OfflineNote offline={offline} onRetry={onRetry} />
      {[...unique].map(([key, { source, text }]) => (
        <Banner key={key} tone="warning">
          {source === 'registry' && 'The registry says: '}
          <SafeText text={text} />
        </Banner>
      ))}
    </div>
  );
}
