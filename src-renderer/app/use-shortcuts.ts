import { useEffect, useEffectEvent } from 'react';
import { useNavigate } from 'react-router';
import { shortcutOf, type Shortcut } from '../lib/keys.ts';
import { settingsPath } from '../lib/paths.ts';
import { useAddress } from '../state/address.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useLayout } from '../state/layout.ts';
import { cyclePane } from './panes.ts';
import { useTabNavigation } from './use-tab-navigation.ts';
import { useInspectorToggle } from './use-inspector.ts';

/** The keys of the window. A modal dialog keeps its own. */
export function useShortcuts(): void {
  const navigate = useNavigate();
  const tabs = useTabNavigation();
  const { toggle: toggleInspector } = useInspectorToggle();
  const run = useEffectEvent((shortcut: Shortcut) => {
    const handlers: Partial<Record<Shortcut['kind'], () => void>> = {
      palette: () => {
        useDialogs.getState().show({ kind: 'palette' });
      },
      address: useAddress.getState().edit,
      'close-tab': tabs.closeActive,
      'reopen-tab': tabs.reopen,
      back: () => void navigate(-1),
      forward: () => void navigate(1),
      'toggle-tree': useLayout.getState().toggleTree,
      'toggle-inspector': toggleInspector,
      settings: () => void navigate(settingsPath()),
    };
    if (shortcut.kind === 'cycle-tab') tabs.cycle(shortcut.step);
    else if (shortcut.kind === 'cycle-pane') cyclePane(shortcut.step);
    else if (shortcut.kind === 'go-to-tab') tabs.goToIndex(shortcut.index);
    else handlers[shortcut.kind]?.();
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      const isModal = useDialogs.getState().dialog.kind !== 'none';
      if (shortcut === undefined || isModal) return;
      event.preventDefault();
      run(shortcut);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
