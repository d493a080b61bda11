import { ContextMenu as Base } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';
import { MenuItems, type MenuItem } from './menu-items.tsx';
import css from './popup.module.css';

export type ContextMenuProps = {
  /** The element that answers to a right click, the menu key or a long press. */
  readonly children: ReactElement;
  readonly items: readonly MenuItem[];
  readonly onOpenChange?: (open: boolean) => void;
};

export function ContextMenu({ children, items, onOpenChange }: ContextMenuProps) {
  return (
    <Base.Root
      onOpenChange={(open) => {
        onOpenChange?.(open);
      }}
    >
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner className={css['positioner'] ?? ''}>
          <Base.Popup className={css['menu'] ?? ''}>
            <MenuItems items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
