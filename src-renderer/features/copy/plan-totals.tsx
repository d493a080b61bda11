import type { PlanTotals as Totals } from '#shared/api/transfers.ts';
import { formatBytes, formatCount, formatExactBytes } from '../../lib/format-bytes.ts';
import { cx } from '../../ui/cx.ts';
import css from './plan.module.css';

export type PlanTotalsProps = { readonly totals: Totals | undefined };

type Fact = { readonly label: string; readonly value: string; readonly hint?: string; readonly tone?: string };

function factsOf(totals: Totals): readonly Fact[] {
  const bytes = (label: string, value: number): Fact => ({
    label,
    value: formatBytes(value),
    hint: formatExactBytes(value),
  });
  const count = (label: string, value: number, tone?: string): readonly Fact[] =>
    value === 0 ? [] : [{ label, value: formatCount(value), ...(tone === undefined ? {} : { tone }) }];
  return [
    bytes('To send', totals.bytesToSend),
    bytes('Present', totals.bytesPresent),
    bytes('Mountable', totals.bytesMountable),
    ...count('Up to date', totals.upToDateCount),
    ...count('Skipped', totals.skippedCount),
    ...count('Conflicts', totals.conflictCount, 'warning'),
    ...count('Failed', totals.failedCount, 'danger'),
  ];
}

const NOTHING = ['To send', 'Present', 'Mountable'] as const;

/** What all rows come to. Each blob is counted once, where it is first needed. */
export function PlanTotals({ totals }: PlanTotalsProps) {
  const facts: readonly Fact[] =
    totals === undefined ? NOTHING.map((label) => ({ label, value: '–' })) : factsOf(totals);
  return (
    <dl className={css['totals']} aria-label="Totals">
      {facts.map(({ label, value, hint, tone }) => (
        <div key={label} className={cx(css['total'], tone !== undefined && css[tone])} title={hint}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
