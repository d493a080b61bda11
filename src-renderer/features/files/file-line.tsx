import { displayText } from '#shared/oci/display-text.ts';
import { errorText } from '../../lib/error-text.ts';
import { formatMode, formatOwner, hidingText, TYPE_NAMES } from '../../lib/file-text.ts';
import type { FileLine as Line } from '../../lib/file-tree.ts';
import { formatBytes, formatCount } from '../../lib/format-bytes.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { ChevronRightIcon, ErrorIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { ChangeMark } from './change-mark.tsx';
import { FileIcon } from './file-icon.tsx';
import css from './grid.module.css';

export type FileLineProps = {
  readonly id: string;
  readonly line: Line;
  readonly index: number;
  readonly top: number;
  readonly isActive: boolean;
  /** Flat lists name the whole path. */
  readonly showsPath: boolean;
  readonly largestBytes: number;
  /** Asks again for a directory that failed. */
  readonly onRetry: (directory: string) => void;
};

type Entry = Extract<Line, { readonly kind: 'entry' }>;

const INDENT = 14;

/** One line of the table of files, drawn from its row alone. The grid handles its events. */
export function FileLine({ id, line, index, top, isActive, showsPath, largestBytes, onRetry }: FileLineProps) {
  const isEntry = line.kind === 'entry';
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-level={showsPath ? undefined : line.level}
      aria-expanded={isEntry ? line.isOpen : undefined}
      aria-selected={isActive}
      aria-busy={line.kind === 'pending' || undefined}
      aria-posinset={isEntry ? line.position + 1 : undefined}
      aria-setsize={isEntry ? line.siblings : undefined}
      data-index={index}
      className={cx(css['line'], isActive && css['active'], isEntry && line.row.state === 'hidden' && css['hidden'])}
      style={{ transform: `translateY(${top}px)` }}
    >
      {isEntry ? (
        <EntryCells line={line} showsPath={showsPath} largestBytes={largestBytes} />
      ) : (
        <div role="gridcell" className={css['wide']} style={{ paddingLeft: 28 + line.level * INDENT }}>
          <Standing line={line} onRetry={onRetry} />
        </div>
      )}
    </div>
  );
}

/** What stands in a directory's place while its rows are not there. */
function Standing({ line, onRetry }: Pick<FileLineProps, 'onRetry'> & { readonly line: Exclude<Line, Entry> }) {
  if (line.kind === 'pending') return <span className={css['ghost']} />;
  if (line.kind === 'empty') return <span className={css['muted']}>empty</span>;
  const { title, detail } = errorText(line.error);
  return (
    <span role="alert" className={css['failed']} title={displayText(`${title}. ${detail}`)}>
      <ErrorIcon size={14} aria-hidden className={css['failedIcon']} />
      <span className={css['failedText']}>
        <SafeText text={title} />
      </span>
      <Button
        size="sm"
        variant="ghost"
        onClick={() => {
          onRetry(line.directory);
        }}
      >
        Try again
      </Button>
    </span>
  );
}

function EntryCells({
  line,
  showsPath,
  largestBytes,
}: Pick<FileLineProps, 'showsPath' | 'largestBytes'> & { line: Entry }) {
  const { row, level, isOpen } = line;
  const share = largestBytes === 0 ? 0 : Math.min(1, row.sizeBytes / largestBytes);
  return (
    <>
      <div
        role="gridcell"
        className={css['name']}
        style={showsPath ? undefined : { paddingLeft: (level - 1) * INDENT }}
      >
        {!showsPath && (
          <span
            className={css['twisty']}
            data-twisty={isOpen === undefined ? undefined : ''}
            data-open={isOpen || undefined}
          >
            {isOpen !== undefined && <ChevronRightIcon size={14} aria-hidden />}
          </span>
        )}
        <FileIcon type={row.type} isOpen={isOpen === true} />
        <span className={css['label']} title={titleOf(row)}>
          <SafeText text={showsPath ? row.path : row.name} />
          {row.type === 'symlink' && row.linkTarget !== undefined && (
            <span className={css['muted']}>
              {' → '}
              <SafeText text={row.linkTarget} />
            </span>
          )}
        </span>
        <ChangeMark row={row} />
        {row.hiddenBy !== undefined && <span className={css['why']}>{hidingText(row.hiddenBy)}</span>}
        <span className="visually-hidden">{TYPE_NAMES[row.type]}</span>
      </div>
      <div role="gridcell" className={css['size']}>
        <span aria-hidden className={css['share']} style={{ transform: `scaleX(${share})` }} />
        <span className={css['bytes']}>{formatBytes(row.sizeBytes)}</span>
      </div>
      <div role="gridcell" className={css['layer']}>
        {row.layer === undefined ? <span className={css['muted']}>–</span> : row.layer + 1}
      </div>
      <div role="gridcell" className={css['mode']}>
        <code>{formatMode(row.type, row.mode)}</code>
      </div>
      <div role="gridcell" className={css['owner']} title={displayText(formatOwner(row))}>
        <SafeText text={formatOwner(row)} />
      </div>
      <div role="gridcell" className={css['modified']}>
        {formatDay(row.modifiedSeconds)}
      </div>
    </>
  );
}

function titleOf(row: Entry['row']): string {
  const below = row.fileCount === undefined ? '' : `\n${formatCount(row.fileCount)} files below`;
  return `/${displayText(row.path)}${below}`;
}

/** The day in UTC, as layers mean it; a dash for the epoch, which builders write for “no time”. */
function formatDay(seconds: number): string {
  const day = new Date(seconds * 1000);
  if (seconds === 0 || Number.isNaN(day.getTime())) return '–';
  return day.toISOString().slice(0, 10);
}
