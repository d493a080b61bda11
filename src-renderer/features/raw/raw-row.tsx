import type { FoundDescriptor } from '../../lib/json-descriptors.ts';
import type { Match } from '../../lib/find-in-rows.ts';
import { markMatches, type MarkedPiece } from '../../lib/mark-matches.ts';
import { mediaTypeName } from '../../lib/media-type-name.ts';
import type { WrappedRow } from '../../lib/wrap-lines.ts';
import { cx } from '../../ui/cx.ts';
import { DigestToken } from './digest-token.tsx';
import type { RawViewerPlace } from './raw-place.ts';
import css from './raw.module.css';

export type RawRowProps = {
  readonly row: WrappedRow;
  readonly top: number;
  readonly numberColumns: number;
  readonly place: RawViewerPlace;
  readonly descriptors: ReadonlyMap<string, FoundDescriptor>;
  /** Those of the row's line. */
  readonly matches: readonly Match[];
  readonly current: Match | undefined;
};

/** One row of the document; the first of a line carries its number. */
export function RawRow({ row, top, numberColumns, place, descriptors, matches, current }: RawRowProps) {
  return (
    <div className={css['line']} style={{ transform: `translateY(${top}px)` }}>
      <span className={css['lineNumber']} style={{ width: `${numberColumns + 1}ch` }} aria-hidden>
        {row.start === 0 ? row.line + 1 : ''}
      </span>
      <code className={css['lineText']}>
        {markMatches(row, matches).map((marked) => (
          <Token key={marked.start} marked={marked} current={current} place={place} descriptors={descriptors} />
        ))}
      </code>
    </div>
  );
}

type TokenProps = Pick<RawRowProps, 'place' | 'descriptors' | 'current'> & { readonly marked: MarkedPiece };

function Token({ marked, current, place, descriptors }: TokenProps) {
  const { token, escaped } = marked.piece;
  const runs = <Runs marked={marked} current={current} />;
  if (token.kind === 'digest') {
    return (
      <DigestToken lexeme={token.text} place={place} descriptors={descriptors}>
        {runs}
      </DigestToken>
    );
  }
  const title = token.kind === 'media-type' ? mediaTypeName(token.text.slice(1, -1)) : undefined;
  return (
    <span className={cx(css[token.kind], escaped && css['escaped'])} title={title}>
      {runs}
    </span>
  );
}

function Runs({ marked, current }: Pick<TokenProps, 'marked' | 'current'>) {
  let offset = marked.start;
  return marked.runs.map(({ text, match }) => {
    const key = offset;
    offset += text.length;
    if (match === undefined) return <span key={key}>{text}</span>;
    return (
      <mark key={key} className={cx(css['match'], match === current && css['currentMatch'])}>
        {text}
      </mark>
    );
  });
}
