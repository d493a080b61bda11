import { useState } from 'react';
import type { MatrixRow } from '../../lib/platform-matrix.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { MatrixTable } from '../../ui/matrix-table.tsx';
import { PlatformName } from '../../ui/platform-name.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import css from './platforms.module.css';

export type ConfigDifferencesProps = {
  readonly names: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** Some platforms have not been loaded: the comparison is of the others. */
  readonly partial: boolean;
};

function Value({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return <span className={css['none']}>not set</span>;
  return (
    <code className={css['value']}>
      <SafeText text={text} multiline />
    </code>
  );
}

/** What the configs of the platforms do not agree on; all of it on demand. */
export function ConfigDifferences({ names, rows, partial }: ConfigDifferencesProps) {
  const [all, setAll] = useState(false);
  const differing = rows.filter(({ differs }) => differs);
  const shown = all ? rows : differing;
  const aside = `${differing.length} of ${rows.length} values differ${partial ? ', of the platforms loaded' : ''}`;
  return (
    <Section
      title="Config"
      aside={aside}
      actions={<Checkbox label="Show what is the same" checked={all} onChange={setAll} />}
    >
      {shown.length === 0 ? (
        <p className={css['muted']}>Every platform starts the same way, with the same environment and labels.</p>
      ) : (
        <MatrixTable
          label="Config of each platform"
          columns={names.map((name, index) => ({ key: `${index} ${name}`, head: <PlatformName text={name} /> }))}
          facts={shown.map((row) => ({
            key: row.name,
            label: <SafeText text={row.name} />,
            cells: row.values.map((value, index) => <Value key={names[index]} text={value} />),
            marked: row.differs && all,
          }))}
        />
      )}
    </Section>
  );
}
