import { limitChoices, limitText } from '../../lib/cache-limit.ts';
import { Select } from '../../ui/select.tsx';
import css from './settings.module.css';
import { SettingsSection } from './settings-section.tsx';

type Limits = { readonly cacheLimitMib: number; readonly layerCacheLimitMib: number };

export type KeptSectionProps = {
  readonly limits: Limits;
  readonly onChange: (change: Partial<Limits>) => void;
};

type LimitProps = { readonly label: string; readonly mib: number; readonly onChange: (mib: number) => void };

function Limit({ label, mib, onChange }: LimitProps) {
  const options = limitChoices(mib).map((each) => ({ value: String(each), label: limitText(each) }));
  return (
    <div className={css['limit']}>
      <span aria-hidden>{label}</span>
      <Select label={label} value={String(mib)} options={options} onChange={(value) => onChange(Number(value))} />
    </div>
  );
}

/** How much of what was read stays on disk. */
export function KeptSection({ limits, onChange }: KeptSectionProps) {
  const { cacheLimitMib, layerCacheLimitMib } = limits;
  return (
    <SettingsSection title="Kept for later">
      <p>
        What was read of a registry is kept on this computer, so that it opens at once and without a network. Content is
        kept by its digest; what was not looked at for longest goes first.
      </p>
      <Limit label="Keep at most" mib={cacheLimitMib} onChange={(mib) => onChange({ cacheLimitMib: mib })} />
      {cacheLimitMib === 0 && (
        <p className={css['muted']}>Everything is read anew each time, and nothing opens offline.</p>
      )}
      <Limit
        label="Keep of layers at most"
        mib={layerCacheLimitMib}
        onChange={(mib) => onChange({ layerCacheLimitMib: mib })}
      />
      {layerCacheLimitMib === 0 && <p className={css['muted']}>A layer is read whole each time it is opened.</p>}
    </SettingsSection>
  );
}
