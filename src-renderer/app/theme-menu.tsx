import { useSetSettings, useSettings } from '../queries/settings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { DarkThemeIcon, LightThemeIcon, SystemThemeIcon } from '../ui/icons.ts';
import { Menu } from '../ui/menu.tsx';

const THEMES = [
  { id: 'system', label: 'As the system', icon: SystemThemeIcon },
  { id: 'light', label: 'Light', icon: LightThemeIcon },
  { id: 'dark', label: 'Dark', icon: DarkThemeIcon },
] as const;

export function ThemeMenu() {
  const theme = useSettings().data?.theme ?? 'system';
  const { mutate } = useSetSettings();
  const current = THEMES.find(({ id }) => id === theme) ?? THEMES[0];
  const items = THEMES.map(({ id, label, icon }) => ({
    id,
    label,
    icon,
    checked: id === theme,
    onSelect: () => {
      mutate({ theme: id });
    },
  }));
  return <Menu align="end" trigger={<IconButton label="Theme" icon={current.icon} />} items={items} />;
}
