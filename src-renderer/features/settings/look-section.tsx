import type { Settings } from '#shared/api/settings.ts';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { SettingsSection } from './settings-section.tsx';

const THEMES: ReadonlyArray<{ readonly value: Settings['theme']; readonly label: string }> = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

const ORDERS: ReadonlyArray<{ readonly value: Settings['tagOrder']; readonly label: string; readonly hint: string }> = [
  { value: 'natural', label: 'Natural', hint: '1.9 before 1.10; words by letter.' },
  {
    value: 'semver',
    label: 'Version',
    hint: 'Newest version first, pre-releases after their release; other tags after the versions.',
  },
  {
    value: 'date',
    label: 'Date',
    hint: 'Newest first. Needs each tag looked up, so it takes a moment on large repositories.',
  },
];

export type LookSectionProps = {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Pick<Settings, 'theme' | 'tagOrder'>>) => void;
};

export function LookSection({ settings, onChange }: LookSectionProps) {
  return (
    <SettingsSection title="Look">
      <RadioGroup
        label="Theme"
        inline
        value={settings.theme}
        options={THEMES}
        onChange={(theme) => {
          onChange({ theme });
        }}
      />
      <RadioGroup
        label="Order of tags"
        value={settings.tagOrder}
        options={ORDERS}
        onChange={(tagOrder) => {
          onChange({ tagOrder });
        }}
      />
    </SettingsSection>
  );
}
