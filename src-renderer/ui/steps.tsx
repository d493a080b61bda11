import { cx } from './cx.ts';
import css from './steps.module.css';
import { CheckIcon } from './icons.ts';

export type StepsProps = {
  /** The accessible name of the whole. */
  readonly label: string;
  readonly steps: readonly string[];
  /** Index of the step one is at. */
  readonly current: number;
};

/** Where one is in a wizard. It tells; the buttons at its foot go. */
export function Steps({ label, steps, current }: StepsProps) {
  return (
    <ol aria-label={label} className={css['steps']}>
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index === current ? 'step' : undefined}
          className={cx(css['step'], index === current && css['current'], index < current && css['done'])}
        >
          <span className={css['mark']} aria-hidden>
            {index < current ? <CheckIcon size={12} /> : index + 1}
          </span>
          {step}
          {index < current && <span className="visually-hidden">, done</span>}
        </li>
      ))}
    </ol>
  );
}
