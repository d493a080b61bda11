import type { Settings } from '#shared/api/settings.ts';
import { laneChoices, lanesText, rateChoices, rateLimitText } from '../../lib/transfer-limits.ts';
import { Select } from '../../ui/select.tsx';
import css from './settings.module.css';
import { SettingsSection } from './settings-section.tsx';

export type TransfersSectionProps = {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Pick<Settings, 'transferLimitKibPerSecond' | 'transferLanes'>>) => void;
};

/** How much of the network transfers may take. */
export function TransfersSection({ settings, onChange }: TransfersSectionProps) {
  const { transferLimitKibPerSecond: limit, transferLanes: lanes } = settings;
  return (
    <SettingsSection title="Transfers">
      <p>Copies, pushes and saved files go on when this page is closed, and after Gantry was restarted.</p>
      <div className={css['limit']}>
        <span aria-hidden>All together at most</span>
        <Select
          label="All together at most"
          value={String(limit)}
          options={rateChoices(limit).map((kib) => ({ value: String(kib), label: rateLimitText(kib) }))}
          onChange={(kib) => {
            onChange({ transferLimitKibPerSecond: Number(kib) });
          }}
        />
      </div>
      <div className={css['limit']}>
        <span aria-hidden>Blobs at once for one host</span>
        <Select
          label="Blobs at once for one host"
          value={String(lanes)}
          options={laneChoices(lanes).map((count) => ({ value: String(count), label: lanesText(count) }))}
          onChange={(count) => {
            onChange({ transferLanes: Number(count) });
          }}
        />
      </div>
    </SettingsSection>
  );
}
