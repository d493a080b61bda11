import { Menu as Base } from '@base-ui/react/menu';
import { cx } from './cx.ts';
import { CheckIcon, type Icon } from './icons.ts';
import css from './popup.module.css';

export type MenuItem =
  | {
      readonly kind?: 'item';
      readonly id: string;
      readonly label: string;
      readonly icon?: Icon;
      /** Keys or another short fact at the end of the line. */
      readonly hint?: string;
      readonly tone?: 'default' | 'danger';
      readonly disabled?: boolean;
      readonly checked?: boolean;
      readonly onSelect: () => void;
    }
  | { readonly kind: 'separator'; readonly id: string };

export type MenuItemsProps = { readonly items: readonly MenuItem[] };

/** The lines of a menu or context menu. */
export function MenuItems({ items }: MenuItemsProps) {
  return items.map((item) => {
    if (item.kind === 'separator') return <Base.Separator key={item.id} className={css['separator'] ?? ''} />;
    const IconPart = item.checked === true ? CheckIcon : item.icon;
    return (
      <Base.Item
        key={item.id}
        disabled={item.disabled ?? false}
        className={cx(css['item'], item.tone === 'danger' && css['danger'])}
        onClick={item.onSelect}
      >
        {IconPart !== undefined && <IconPart size={14} aria-hidden />}
        <span className={css['itemLabel']}>{item.label}</span>
        {item.hint !== undefined && <span className={css['itemHint']}>{item.hint}</span>}
      </Base.Item>
    );
  });
}
