import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import css from './tabs.module.css';

export type TabItem<T extends string> = {
  readonly value: T;
  readonly label: ReactNode;
  /** A number after the label. */
  readonly count?: number | undefined;
  readonly disabled?: boolean;
};

export type TabsProps<T extends string> = {
  /** The accessible name of the list. */
  readonly label: string;
  readonly value: T;
  readonly tabs: readonly TabItem<T>[];
  readonly onChange: (value: T) => void;
  /** The panel of the tab that is chosen. */
  readonly children: ReactNode;
};

/** One panel at a time. Keys follow the APG tabs pattern with manual activation: a panel may cost a request. */
export function Tabs<T extends string>({ label, value, tabs, onChange, children }: TabsProps<T>) {
  return (
    <Base.Root
      className={css['root'] ?? ''}
      value={value}
      onValueChange={(next) => {
        const chosen = tabs.find((tab) => tab.value === next);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      <Base.List aria-label={label} activateOnFocus={false} className={css['list'] ?? ''}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value} disabled={tab.disabled ?? false} className={css['tab'] ?? ''}>
            {tab.label}
            {tab.count !== undefined && <span className={css['count']}>{tab.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel key={value} value={value} className={css['panel'] ?? ''}>
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
