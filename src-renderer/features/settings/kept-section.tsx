import { limitChoices, limitText } from '../../lib/cache-limit.ts';
import { Select } from '../../ui/select.tsx';
import css from './settings.module.css';
import { SettingsSection } from './settings-section.tsx';

export type KeptSectionProps = {
  readonly limitMib: number;
  readonly onChange: (change: { readonly cacheLimitMib: number }) => void;
};

/** How much of what was read stays on disk. */
export function KeptSection({ limitMib, onChange }: KeptSectionProps) {
  const options = limitChoices(limitMib).map((mib) => ({ value: String(mib), label: limitText(mib) }));
  return (
    <SettingsSection title="Kept for later">
      <p>
        What was read of a registry is kept on this computer, so that it opens at once and without a network. Content is
        kept by its digest; what was not looked at for longest goes first.
      </p>
      <div className={css['limit']}>
        <span aria-hidden>Keep at most</span>
        <Select
          label="Keep at most"
          value={String(limitMib)}
          options={options}
          onChange={(mib) => {
            onChange({ cacheLimitMib: Number(mib) });
          }}
        />
      </div>
      {limitMib === 0 && <p className={css['muted']}>Everything is read anew each time, and nothing opens offline.</p>}
    </SettingsSection>
  );
}
