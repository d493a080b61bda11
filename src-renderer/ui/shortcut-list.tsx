import type { Ref } from 'react';
import { SHORTCUT_GROUPS, shortcutKeys, shortcutLabel } from '../lib/shortcuts.ts';
import { Kbd } from './kbd.tsx';
import css from './shortcut-list.module.css';

export type ShortcutListProps = { readonly ref?: Ref<HTMLDivElement> };

/** Every shortcut with its keys, out of the table that the handlers ask. */
export function ShortcutList({ ref }: ShortcutListProps) {
  return (
    <div ref={ref} role="group" aria-label="Shortcuts" tabIndex={-1} className={css['groups']}>
      {SHORTCUT_GROUPS.map(({ title, ids }) => (
        <section key={title} aria-label={title} className={css['group']}>
          <h3 className={css['title']}>{title}</h3>
          <dl>
            {ids.map((id) => (
              <div key={id} className={css['line']}>
                <dt>{shortcutLabel(id)}</dt>
                <dd className={css['keys']}>
                  {shortcutKeys(id).map((keys) => (
                    <Kbd key={keys}>{keys}</Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
