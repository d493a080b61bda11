import type { ReactNode } from 'react';
import css from './key-value-list.module.css';

export type KeyValue = {
  readonly key: string;
  readonly label?: ReactNode;
  readonly value: ReactNode;
};

export type KeyValueListProps = {
  readonly entries: readonly KeyValue[];
  /** Names above their values, for narrow panes. */
  readonly stacked?: boolean;
};

export function KeyValueList({ entries, stacked = false }: KeyValueListProps) {
  return (
    <dl className={stacked ? css['stacked'] : css['list']}>
      {entries.map((entry) => (
        <div key={entry.key} className={css['entry']}>
          <dt className={css['label']}>{entry.label ?? entry.key}</dt>
          <dd className={css['value']}>{entry.value}</dd>
        </div>
      ))}
    </dl>
  );
}
