import { useId, type ReactNode } from 'react';
import css from './section.module.css';

export type SectionProps = {
  readonly title: ReactNode;
  /** A few words after the title: a count, a total. */
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
};

/** A titled part of a page. */
export function Section({ title, aside, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={css['section']}>
      <div className={css['head']}>
        <h2 id={id} className={css['title']}>
          {title}
        </h2>
        {aside !== undefined && <span className={css['aside']}>{aside}</span>}
        {actions}
      </div>
      {children}
    </section>
  );
}
