import type { Difference, ImageComparison } from '#shared/api/compare.ts';
import { useState } from 'react';
import { readInstruction } from '../../lib/instruction.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SuccessIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import css from './compare.module.css';
import { DifferenceSign } from './difference-sign.tsx';

type Row = {
  readonly name: string;
  readonly difference: Difference;
  readonly left?: string | undefined;
  readonly right?: string | undefined;
};

function historyRows({ history }: ImageComparison): readonly Row[] {
  const text = (createdBy: string | undefined) => {
    if (createdBy === undefined) return undefined;
    const { verb, text: rest } = readInstruction(createdBy);
    return verb === undefined ? rest : `${verb} ${rest}`;
  };
  return history.map(({ difference, left, right }) => ({
    name: String((right ?? left)?.index ?? 0),
    difference,
    left: text(left?.createdBy),
    right: text(right?.createdBy),
  }));
}

function groupsOf(
  comparison: ImageComparison,
): readonly { readonly title: string; readonly rows: readonly Row[]; readonly isNumbered?: true }[] {
  return [
    { title: 'Settings', rows: comparison.fields },
    { title: 'Environment', rows: comparison.env },
    { title: 'Labels', rows: comparison.labels },
    { title: 'Annotations', rows: comparison.annotations },
    { title: 'Ports', rows: comparison.ports },
    { title: 'Volumes', rows: comparison.volumes },
    { title: 'History', rows: historyRows(comparison), isNumbered: true },
  ];
}

/** Everything the configs say, side by side; what is the same is left out until asked for. */
export function ConfigDifferences({ comparison }: { readonly comparison: ImageComparison }) {
  const [showsSame, setShowsSame] = useState(false);
  const groups = groupsOf(comparison).map(({ title, rows, isNumbered = false }) => ({
    title,
    rows,
    isNumbered,
    shown: showsSame ? rows : rows.filter(({ difference }) => difference !== 'same'),
  }));
  const isAllSame = groups.every(({ rows }) => rows.every(({ difference }) => difference === 'same'));
  return (
    <div className={css['scroll']}>
      <div className={css['options']}>
        <Checkbox label="Show what is the same" checked={showsSame} onChange={setShowsSame} />
      </div>
      {isAllSame && !showsSame && <EmptyState icon={SuccessIcon} title="The configs say the same" />}
      <div className={css['groups']}>
        {groups
          .filter(({ shown }) => shown.length > 0)
          .map(({ title, rows, shown, isNumbered }) => (
            <Section key={title} title={title} aside={asideOf(rows)}>
              <Table title={title} rows={shown} isNumbered={isNumbered} />
            </Section>
          ))}
      </div>
    </div>
  );
}

function asideOf(rows: readonly Row[]): string {
  const different = rows.filter(({ difference }) => difference !== 'same').length;
  return different === 0 ? 'the same' : `${formatCount(different)} of ${formatCount(rows.length)} different`;
}

type TableProps = { readonly title: string; readonly rows: readonly Row[]; readonly isNumbered: boolean };

function Table({ title, rows, isNumbered }: TableProps) {
  return (
    <table className={css['table']} aria-label={title}>
      <colgroup>
        <col className={css['signCell']} />
        <col className={isNumbered ? css['numberCell'] : css['nameCell']} />
        <col />
        <col />
      </colgroup>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Difference</th>
          <th scope="col">Name</th>
          <th scope="col">Left</th>
          <th scope="col">Right</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={`${row.name} ${row.difference} ${row.left ?? ''} ${row.right ?? ''}`} className={css['row']}>
            <td className={css['signCell']}>
              <DifferenceSign difference={row.difference} />
            </td>
            <th scope="row" className={isNumbered ? css['numberCell'] : css['nameCell']}>
              <SafeText text={isNumbered ? String(index + 1) : row.name} />
            </th>
            <Value text={row.left} isOther={row.difference !== 'same'} />
            <Value text={row.right} isOther={row.difference !== 'same'} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ text, isOther }: { readonly text: string | undefined; readonly isOther: boolean }) {
  return (
    <td className={css['valueCell']} data-other={isOther || undefined}>
      {text === undefined ? (
        <span className={css['muted']}>–</span>
      ) : (
        <code>
          <SafeText text={text === '' ? '(empty)' : text} />
        </code>
      )}
    </td>
  );
}
