import { useEffect, useEffectEvent } from 'react';
import { isShortcut } from '../../lib/shortcuts.ts';
import { useDialogs } from '../../state/dialogs.ts';
import type { SaveAction } from './use-save.ts';

/** Ctrl+S saves what is selected, wherever the focus is; the page itself is nothing to save. */
export function useSaveKey(action: SaveAction | undefined): void {
  const run = useEffectEvent(() => {
    action?.run();
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isShortcut(event, 'save')) return;
      event.preventDefault();
      if (!event.repeat && useDialogs.getState().dialog.kind === 'none') run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
