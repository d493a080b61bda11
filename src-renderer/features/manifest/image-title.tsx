import { isDigest, shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useRef } from 'react';
import { Link } from 'react-router';
import { pointOf } from '../../lib/compare-place.ts';
import { repositoryPath } from '../../lib/paths.ts';
import type { ImageRef } from '../../queries/images.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './image-page.module.css';
import { useImageDrag } from './use-image-drag.ts';

export type ImageTitleProps = ImageRef & { readonly platform: string | undefined };

/** Repository and tag or digest. It can be dragged, and other images dropped on it. */
export function ImageTitle({ registryId, repository, reference, platform }: ImageTitleProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  const slash = repository.lastIndexOf('/');
  const of = { registryId, repository, reference };
  const isOver = useImageDrag(ref, { point: pointOf(of, platform), source: { kind: 'image', ...of } });
  return (
    <h1 ref={ref} className={css['title']} data-drop={isOver ? 'over' : undefined}>
      <Link
        draggable={false}
        to={repositoryPath({ registryId, repository })}
        className={css['repository']}
        title={displayText(repository)}
        aria-label={displayText(repository)}
      >
        {slash !== -1 && (
          <>
            <span className={css['namespace']}>
              <SafeText text={repository.slice(0, slash)} />
            </span>
            <span className={css['slash']}>/</span>
          </>
        )}
        <span className={css['name']}>
          <SafeText text={repository.slice(slash + 1)} />
        </span>
      </Link>
      <span className={css['reference']} title={displayText(reference)}>
        {isDigest(reference) ? `@${shortDigest(reference)}` : <SafeText text={`:${reference}`} />}
      </span>
    </h1>
  );
}
