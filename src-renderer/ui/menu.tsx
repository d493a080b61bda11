import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement } from 'react';
import { MenuItems, type MenuItem } from './menu-items.tsx';
import css from './popup.module.css';

export type MenuProps = {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly items: readonly MenuItem[];
  readonly align?: 'start' | 'end';
};

export function Menu({ trigger, items, align = 'start' }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className={css['positioner'] ?? ''}>
          <Base.Popup className={css['menu'] ?? ''}>
            <MenuItems items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
