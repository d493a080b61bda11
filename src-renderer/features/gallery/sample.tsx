import type { ReactNode } from 'react';
import css from './gallery.module.css';

export type SampleProps = { readonly name: string; readonly children: ReactNode };

export function Sample({ name, children }: SampleProps) {
  return (
    <section className={css['sample']} aria-label={name}>
      <h2 className={css['name']}>{name}</h2>
      <div className={css['parts']}>{children}</div>
    </section>
  );
}
