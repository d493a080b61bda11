import type { LayerOverview } from '#shared/api/layers.ts';
import { Link } from 'react-router';
import { formatBytes, formatCount } from '../../lib/format-bytes.ts';
import { filesPath, type ImagePanelProps } from '../../lib/image-panel.ts';
import { cx } from '../../ui/cx.ts';
import css from './layers.module.css';

export type LayerChangesProps = {
  readonly place: ImagePanelProps;
  readonly index: number;
  /** Absent until the layers are read. */
  readonly overview: LayerOverview | undefined;
};

const COUNTS = [
  { sign: '+', word: 'added', of: (overview: LayerOverview) => overview.addedCount },
  { sign: '~', word: 'changed', of: (overview: LayerOverview) => overview.changedCount },
  { sign: '−', word: 'removed', of: (overview: LayerOverview) => overview.removedCount },
] as const;

/** What a layer does to those below it, leading to the list of it. */
export function LayerChanges({ place, index, overview }: LayerChangesProps) {
  const to = filesPath(place, { show: 'changes', layer: index, deleted: false });
  if (overview === undefined) {
    return (
      <Link to={to} className={css['changesLink']}>
        Changes
      </Link>
    );
  }
  const counts = COUNTS.filter(({ of }) => of(overview) > 0);
  return (
    <>
      <Link to={to} className={css['changesLink']} aria-label={`Changes of layer ${index + 1}`}>
        {counts.length === 0
          ? 'nothing'
          : counts.map(({ sign, word, of }) => (
              <span key={word} className={cx(css['count'], css[word])} title={`${formatCount(of(overview))} ${word}`}>
                {sign}
                {formatCount(of(overview))}
                <span className="visually-hidden"> {word} </span>
              </span>
            ))}
      </Link>
      {overview.wastedBytes > 0 && (
        <span className={css['wasted']} title="Shipped by this layer and hidden by later ones">
          {formatBytes(overview.wastedBytes)} hidden later
        </span>
      )}
    </>
  );
}
