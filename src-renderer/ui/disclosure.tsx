import { useId, type ReactNode } from 'react';
import css from './disclosure.module.css';
import { ChevronRightIcon } from './icons.ts';

export type DisclosureProps = {
  readonly title: ReactNode;
  /** What is inside, in a few words, for when it is closed. */
  readonly aside?: ReactNode;
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
  readonly children: ReactNode;
};

/** A part of a form or page that is folded away until it is asked for. APG disclosure pattern. */
export function Disclosure({ title, aside, open, onToggle, children }: DisclosureProps) {
  const id = useId();
  return (
    <div className={css['disclosure']}>
      <button
        type="button"
        className={css['trigger']}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => {
          onToggle(!open);
        }}
      >
        <ChevronRightIcon size={14} aria-hidden className={css['chevron']} />
        <span className={css['title']}>{title}</span>
        {aside !== undefined && <span className={css['aside']}>{aside}</span>}
      </button>
      <div id={id} className={css['panel']} hidden={!open}>
        {open && children}
      </div>
    </div>
  );
}
