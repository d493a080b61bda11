import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { Link } from 'react-router';
import { repositoryPath, type RepositoryPlace } from '../../lib/paths.ts';
import { usePin, useUnpin } from '../../queries/repositories.ts';
import { useOpenTabs } from '../../state/open-tabs.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { RepositoryIcon, StarIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './registry.module.css';

export type RepositoryRowsProps = {
  readonly registryId: string;
  readonly names: readonly string[];
  readonly pinned: ReadonlySet<string>;
};

const ROW = 32;

type RowProps = { readonly place: RepositoryPlace; readonly isPinned: boolean; readonly top: number };

function Row({ place, isPinned, top }: RowProps) {
  const pin = usePin();
  const unpin = useUnpin();
  const keepPath = useOpenTabs((state) => state.keepPath);
  const path = repositoryPath(place);
  return (
    <li className={css['virtualRow']} style={{ transform: `translateY(${top}px)` }}>
      <Link
        to={path}
        className={css['link']}
        onDoubleClick={() => {
          keepPath(path);
        }}
      >
        <RepositoryIcon size={15} aria-hidden />
        <span className={css['name']}>
          <SafeText text={place.repository} />
        </span>
      </Link>
      <IconButton
        size="sm"
        label={isPinned ? 'Remove from Favourites' : 'Add to Favourites'}
        icon={StarIcon}
        aria-pressed={isPinned}
        className={isPinned ? css['pinned'] : css['unpinned']}
        onClick={() => {
          (isPinned ? unpin : pin).mutate(place);
        }}
      />
    </li>
  );
}

/** Virtual rows: a catalog may hold 100,000 names. */
export function RepositoryRows({ registryId, names, pinned }: RepositoryRowsProps) {
  'use no memo';
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: names.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  return (
    <div ref={scroller} className={css['scroller']}>
      <ul className={css['virtual']} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const repository = names[item.index];
          return repository === undefined ? null : (
            <Row
              key={repository}
              place={{ registryId, repository }}
              isPinned={pinned.has(repository)}
              top={item.start}
            />
          );
        })}
      </ul>
    </div>
  );
}
