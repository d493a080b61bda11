import { useId, type ReactNode } from 'react';
import css from './settings.module.css';

export type SettingsSectionProps = { readonly title: string; readonly children: ReactNode };

export function SettingsSection({ title, children }: SettingsSectionProps) {
  const id = useId();
  return (
    <section className={css['section']} aria-labelledby={id}>
      <h2 id={id} className={css['heading']}>
        {title}
      </h2>
      {children}
    </section>
  );
}
