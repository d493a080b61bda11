import { useEffect, useEffectEvent } from 'react';
import { useNavigate } from 'react-router';
import { settingsPath } from '../lib/paths.ts';
import { isWriting, windowShortcut, type WindowShortcutId } from '../lib/shortcuts.ts';
import { useAddress } from '../state/address.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useLayout } from '../state/layout.ts';
import { cyclePane } from './panes.ts';
import { useTabNavigation } from './use-tab-navigation.ts';
import { useInspectorToggle } from './use-inspector.ts';

const TEXT_FIELDS = 'input, textarea, select, [contenteditable=true]';

/** A character typed into a field is that character. */
function isText(event: KeyboardEvent): boolean {
  return isWriting(event) && event.target instanceof Element && event.target.closest(TEXT_FIELDS) !== null;
}

/** The keys of the window. A modal dialog keeps its own. */
export function useShortcuts(): void {
  const navigate = useNavigate();
  const tabs = useTabNavigation();
  const { toggle: toggleInspector } = useInspectorToggle();
  const run = useEffectEvent((id: WindowShortcutId, index: number) => {
    const handlers: Readonly<Record<WindowShortcutId, () => void>> = {
      palette: () => {
        useDialogs.getState().show({ kind: 'palette' });
      },
      shortcuts: () => {
        useDialogs.getState().show({ kind: 'shortcuts' });
      },
      address: useAddress.getState().edit,
      'close-tab': tabs.closeActive,
      'reopen-tab': tabs.reopen,
      'next-tab': () => {
        tabs.cycle(1);
      },
      'previous-tab': () => {
        tabs.cycle(-1);
      },
      'go-to-tab': () => {
        tabs.goToIndex(index);
      },
      'next-pane': () => {
        cyclePane(1);
      },
      'previous-pane': () => {
        cyclePane(-1);
      },
      back: () => void navigate(-1),
      forward: () => void navigate(1),
      'toggle-tree': useLayout.getState().toggleTree,
      'toggle-inspector': toggleInspector,
      settings: () => void navigate(settingsPath()),
    };
    handlers[id]();
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = windowShortcut(event);
      const isModal = useDialogs.getState().dialog.kind !== 'none';
      if (shortcut === undefined || isModal || isText(event)) return;
      event.preventDefault();
      run(shortcut.id, shortcut.index);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
