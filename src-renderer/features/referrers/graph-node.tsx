import { type Digest, shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { cx } from '../../ui/cx.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ChevronDownIcon, ChevronRightIcon, type Icon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './graph.module.css';

export type GraphNodeProps = {
  readonly icon: Icon;
  readonly title: string;
  /** Where it leads; absent for what one is looking at. */
  readonly to?: string | undefined;
  readonly digest: Digest;
  /** Artifact type or another short fact. */
  readonly detail?: string | undefined;
  /** What hangs on it, asked for when it is opened; absent at the end of a chain. */
  readonly renderBelow?: (() => ReactNode) | undefined;
  readonly isOpenAtFirst?: boolean;
};

/** One manifest of the graph, and behind it what refers to it. */
export function GraphNode(props: GraphNodeProps) {
  const { icon: IconPart, title, to, digest, detail, renderBelow, isOpenAtFirst = false } = props;
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const isWithChildren = isOpen && renderBelow !== undefined;
  return (
    <li className={css['branch']}>
      <div className={cx(css['node'], to === undefined && css['root'], isWithChildren && css['withChildren'])}>
        <IconPart size={16} aria-hidden className={css['icon']} />
        <div className={css['words']}>
          <span className={css['title']} title={displayText(title)}>
            {to === undefined ? (
              <SafeText text={title} />
            ) : (
              <Link to={to} className={css['link']}>
                <SafeText text={title} />
              </Link>
            )}
          </span>
          <span className={css['detail']} title={detail === undefined ? digest : displayText(detail)}>
            {detail === undefined ? <code>{shortDigest(digest)}</code> : <SafeText text={detail} />}
          </span>
        </div>
        {renderBelow !== undefined && (
          <IconButton
            size="sm"
            label={`${isOpen ? 'Hide' : 'Show'} what refers to ${displayText(title)} ${shortDigest(digest)}`}
            icon={isOpen ? ChevronDownIcon : ChevronRightIcon}
            aria-expanded={isOpen}
            onClick={() => {
              setOpen(!isOpen);
            }}
          />
        )}
      </div>
      {isWithChildren && <ul className={css['children']}>{renderBelow()}</ul>}
    </li>
  );
}

/** In place of nodes: on their way, not there, or why not. */
export function GraphLeaf({ children }: { readonly children: ReactNode }) {
  return (
    <li className={css['branch']}>
      <div className={css['leaf']}>{children}</div>
    </li>
  );
}
