import { useRef } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { ShortcutList } from '../ui/shortcut-list.tsx';

export type ShortcutsDialogProps = { readonly onClose: () => void };

/** `?`: what can be done from the keyboard. */
export function ShortcutsDialog({ onClose }: ShortcutsDialogProps) {
  // The list, so that the arrow keys scroll it where the window is low.
  const list = useRef<HTMLDivElement>(null);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Keyboard shortcuts"
      description="On a Mac, ⌘ does what Ctrl does. Letters typed in a list search it."
      size="lg"
      initialFocus={list}
    >
      <ShortcutList ref={list} />
    </Dialog>
  );
}
