import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import css from './matrix-table.module.css';
import { useWidth } from './use-width.ts';

export type MatrixColumn = { readonly key: string; readonly head: ReactNode };

export type MatrixFact = {
  readonly key: string;
  readonly label: ReactNode;
  /** One a column, in their order. */
  readonly cells: readonly ReactNode[];
  readonly align?: 'start' | 'end' | undefined;
  /** Set apart: the columns do not agree. */
  readonly marked?: boolean | undefined;
};

export type MatrixTableProps = {
  /** The accessible name. */
  readonly label: string;
  readonly columns: readonly MatrixColumn[];
  readonly facts: readonly MatrixFact[];
};

const COLUMN_WIDTH = 128;
const LABEL_WIDTH = 120;

/** Facts over things: a column for each thing where there is room, a row for each where there is not. */
export function MatrixTable({ label, columns, facts }: MatrixTableProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const isWide = width === 0 || width >= LABEL_WIDTH + columns.length * COLUMN_WIDTH;
  return (
    <div ref={ref} className={css['frame']}>
      <table className={css['table']} aria-label={label}>
        {isWide ? <ByColumn columns={columns} facts={facts} /> : <ByRow columns={columns} facts={facts} />}
      </table>
    </div>
  );
}

type Body = Omit<MatrixTableProps, 'label'>;

function cellClass(fact: MatrixFact): string {
  return cx(css['cell'], fact.align === 'end' && css['end'], fact.marked === true && css['marked']);
}

function ByColumn({ columns, facts }: Body) {
  return (
    <>
      <thead>
        <tr>
          <td className={css['corner']}>
            <span className="visually-hidden">Fact</span>
          </td>
          {columns.map(({ key, head }) => (
            <th key={key} scope="col" className={css['head']}>
              <div className={css['headText']}>{head}</div>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {facts.map((fact) => (
          <tr key={fact.key}>
            <th scope="row" className={css['label']}>
              {fact.label}
            </th>
            {columns.map(({ key }, index) => (
              <td key={key} className={cellClass(fact)}>
                {fact.cells[index]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </>
  );
}

function ByRow({ columns, facts }: Body) {
  return (
    <tbody>
      {columns.map(({ key, head }, index) => (
        <tr key={key}>
          <th scope="row" className={css['rowHead']}>
            {head}
          </th>
          <td>
            <dl className={css['list']}>
              {facts.map((fact) => (
                <div key={fact.key} className={css['entry']}>
                  <dt className={css['term']}>{fact.label}</dt>
                  <dd className={cx(css['cell'], fact.marked === true && css['marked'])}>{fact.cells[index]}</dd>
                </div>
              ))}
            </dl>
          </td>
        </tr>
      ))}
    </tbody>
  );
}
