import { useId } from 'react';
import css from './segmented.module.css';

export type SegmentedOption<T extends string> = { readonly value: T; readonly label: string };

export type SegmentedProps<T extends string> = {
  /** The accessible name of the choice. */
  readonly label: string;
  readonly value: T;
  readonly options: readonly SegmentedOption<T>[];
  readonly onChange: (value: T) => void;
};

/** One of a few views, all in sight. Radio buttons: arrow keys choose, one tab stop. */
export function Segmented<T extends string>({ label, value, options, onChange }: SegmentedProps<T>) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={css['group']}>
      {options.map((option) => (
        <label key={option.value} className={css['option']}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            className="visually-hidden"
            onChange={() => {
              onChange(option.value);
            }}
          />
          <span className={css['text']}>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
