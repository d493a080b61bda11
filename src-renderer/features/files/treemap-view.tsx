import { useId, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { displayText } from '#shared/oci/display-text.ts';
import { ancestorsOf } from '../../lib/file-tree.ts';
import { formatBytes, formatExactBytes } from '../../lib/format-bytes.ts';
import { waitProgress } from '../../lib/layer-reading.ts';
import { isShortcut } from '../../lib/shortcuts.ts';
import { layOutTreemap, nextBox, type TreemapBox } from '../../lib/treemap-layout.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useOpenProgress, useTreemap, type InView } from '../../queries/files.ts';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { TreemapIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { useSize } from '../../ui/use-size.ts';
import { Waiting } from '../../ui/waiting.tsx';
import css from './treemap.module.css';

export type TreemapViewProps = {
  readonly inView: InView;
  readonly selected: string | undefined;
  readonly onSelect: (path: string) => void;
};

const MAX_NODES = 800;
const COLOURS = 6;

/** Where the sizes are: each file a box as large as its content, each directory around what is in it. */
export function TreemapView({ inView, selected, onSelect }: TreemapViewProps) {
  const [path, setPath] = useState('');
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  const treemap = useTreemap(inView, path, MAX_NODES);
  const progress = useOpenProgress(inView.target);
  const boxes = layOutTreemap(treemap.data?.nodes ?? [], width, height);
  return (
    <div className={css['treemap']}>
      <Trail path={path} onGo={setPath} />
      <div ref={frame} className={css['frame']}>
        {treemap.error !== null && (
          <ErrorState error={appErrorOf(treemap.error)} actions={{ retry: () => void treemap.refetch() }} />
        )}
        {treemap.error === null && treemap.data === undefined && (
          <Waiting
            title="Adding up the sizes"
            progress={waitProgress(progress)}
            isStopped={treemap.isStopped}
            onStop={treemap.stop}
            onAgain={() => void treemap.refetch()}
          />
        )}
        {treemap.data !== undefined && boxes.length === 0 && width > 0 && (
          <EmptyState icon={TreemapIcon} title="Nothing has a size here">
            {path === '' ? 'No file in this view has any content.' : 'No file below this directory has any content.'}
          </EmptyState>
        )}
        {boxes.length > 0 && (
          <Boxes boxes={boxes} selected={selected} onSelect={onSelect} onEnter={setPath} path={path} />
        )}
      </div>
    </div>
  );
}

/** The directories above the one shown. */
function Trail({ path, onGo }: { readonly path: string; readonly onGo: (path: string) => void }) {
  const above = path === '' ? [] : [...ancestorsOf(path), path];
  return (
    <nav aria-label="Directory shown" className={css['trail']}>
      <button
        type="button"
        className={css['crumb']}
        aria-current={path === '' ? 'location' : undefined}
        onClick={() => {
          onGo('');
        }}
      >
        /
      </button>
      {above.map((each) => (
        <button
          key={each}
          type="button"
          className={css['crumb']}
          aria-current={each === path ? 'location' : undefined}
          onClick={() => {
            onGo(each);
          }}
        >
          <SafeText text={each.slice(each.lastIndexOf('/') + 1)} />
        </button>
      ))}
    </nav>
  );
}

type BoxesProps = Omit<TreemapViewProps, 'inView'> & {
  readonly boxes: readonly TreemapBox[];
  readonly onEnter: (path: string) => void;
  readonly path: string;
};

/** One tab stop; arrows go from box to box, Enter goes into the directory of a box, Backspace out. */
function Boxes({ boxes, selected, onSelect, onEnter, path }: BoxesProps) {
  const id = useId();
  const leaves = boxes.filter(({ isGroup }) => !isGroup);
  const active = leaves.find(({ node }) => node.path === selected) ?? leaves[0];
  const idOf = (box: TreemapBox) => `${id}-${boxes.indexOf(box)}`;
  const onKeyDown = (event: KeyboardEvent) => {
    if (active === undefined) return;
    const next = nextBox(boxes, active, event.key);
    if (next !== undefined) onSelect(next.node.path);
    else if (isShortcut(event, 'open-row')) onEnter(directoryUnder(active, path));
    else if (isShortcut(event, 'leave-directory') && path !== '')
      onEnter(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    else return;
    event.preventDefault();
  };
  const boxAt = ({ target }: MouseEvent) => {
    const index = target instanceof Element ? target.closest('[data-box]')?.getAttribute('data-box') : undefined;
    return boxes[Number(index ?? Number.NaN)];
  };
  return (
    <div
      role="listbox"
      aria-label="Files by size"
      aria-activedescendant={active === undefined ? undefined : idOf(active)}
      tabIndex={0}
      className={css['boxes']}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const box = boxAt(event);
        if (box !== undefined) onSelect(box.node.path);
      }}
      onDoubleClick={(event) => {
        const box = boxAt(event);
        if (box !== undefined) onEnter(box.node.kind === 'directory' ? box.node.path : directoryUnder(box, path));
      }}
    >
      {boxes.map((box, index) => (
        <Box key={box.node.path + box.node.kind} id={idOf(box)} index={index} box={box} isActive={box === active} />
      ))}
    </div>
  );
}

/** One step from the directory shown towards a box. */
function directoryUnder({ node }: TreemapBox, shown: string): string {
  const steps = ancestorsOf(node.kind === 'directory' ? `${node.path}/` : node.path);
  return steps.find((each) => each.length > shown.length && each.startsWith(shown)) ?? shown;
}

type BoxProps = {
  readonly id: string;
  readonly index: number;
  readonly box: TreemapBox;
  readonly isActive: boolean;
};

function Box({ id, index, box, isActive }: BoxProps) {
  const { node, isGroup, x, y, width, height, group, depth } = box;
  const name = node.kind === 'rest' ? `${node.fileCount} smaller files` : node.name;
  const text = `${node.kind === 'rest' ? name : `/${displayText(node.path)}`}, ${formatBytes(node.sizeBytes)}`;
  const hasRoom = width > 40 && height > 17;
  return (
    <div
      id={id}
      role={isGroup ? 'presentation' : 'option'}
      aria-selected={isGroup ? undefined : isActive}
      aria-label={isGroup ? undefined : text}
      title={`${text} (${formatExactBytes(node.sizeBytes)})`}
      className={cx(css['box'], isGroup ? css['group'] : css['leaf'], isActive && css['active'])}
      data-box={index}
      data-colour={group % COLOURS}
      data-deep={depth % 2 === 0 || undefined}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
    >
      {hasRoom && (
        <span className={css['label']}>
          <SafeText text={name} />
          {width > 110 && <span className={css['bytes']}>{formatBytes(node.sizeBytes)}</span>}
        </span>
      )}
    </div>
  );
}
