import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { displaySegments } from '#shared/oci/display-text.ts';
import type { CodeRow, CodeToken } from '../lib/code-lines.ts';
import css from './code-view.module.css';
import { cx } from './cx.ts';

export type CodeViewProps = {
  /** The accessible name: `Content of app.js`. */
  readonly label: string;
  readonly rows: readonly CodeRow[];
};

const ROW_HEIGHT = 18;
/** The highlighter has a kind of the same name as our column of line numbers. */
const TOKEN_CLASS: Readonly<Record<string, string>> = { number: 'number_' };

/** A text of any length, its rows in sight drawn. It takes the focus like an editor, so that keys scroll it. */
export function CodeView({ label, rows }: CodeViewProps) {
  'use no memo';
  const ref = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => ref.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  const numberWidth = String(rows.length).length + 1;
  return (
    <div ref={ref} role="textbox" aria-label={label} aria-readonly aria-multiline tabIndex={0} className={css['view']}>
      <div className={css['rows']} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <div key={index} className={css['row']} style={{ transform: `translateY(${start}px)` }}>
              <span className={css['number']} style={{ minWidth: `${numberWidth}ch` }} aria-hidden>
                {row.number}
              </span>
              <code className={css['text']}>
                <Tokens tokens={row.tokens} />
              </code>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Pieces with their place in the row, which is their key. */
function withStarts<T extends { readonly text: string }>(pieces: readonly T[]): readonly (readonly [number, T])[] {
  let start = 0;
  return pieces.map((piece) => {
    const at = start;
    start += piece.text.length;
    return [at, piece];
  });
}

function Tokens({ tokens }: { readonly tokens: readonly CodeToken[] }) {
  return withStarts(tokens).map(([start, token]) => <Token key={start} token={token} />);
}

function Token({ token }: { readonly token: CodeToken }) {
  const segments = withStarts(displaySegments(token.text.replaceAll('\t', '    ')));
  return (
    <span className={token.kind === undefined ? undefined : css[TOKEN_CLASS[token.kind] ?? token.kind]}>
      {segments.map(([start, { text, escaped }]) => (
        <span key={start} className={cx(escaped && css['escaped'])}>
          {text}
        </span>
      ))}
    </span>
  );
}
