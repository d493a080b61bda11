import css from './spinner.module.css';

export type SpinnerProps = {
  readonly size?: number;
  /** Said to screen readers; without it the spinner is decoration beside text that says the same. */
  readonly label?: string;
};

export function Spinner({ size = 16, label }: SpinnerProps) {
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg className={css['spinner']} width={size} height={size} viewBox="0 0 16 16" fill="none" {...named}>
      <circle cx="8" cy="8" r="6" stroke="currentColor" strokeOpacity="0.22" strokeWidth="2" />
      <path d="M14 8a6 6 0 0 0-6-6" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
