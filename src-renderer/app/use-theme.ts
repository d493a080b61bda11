import { useEffect } from 'react';
import { useSettings } from '../queries/settings.ts';

/** Puts the chosen theme on the document; without a choice the system decides. */
export function useTheme(): void {
  const theme = useSettings().data?.theme;
  useEffect(() => {
    if (theme === undefined) return;
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
}
