import type { Registry } from '#shared/api/registries.ts';
import type { ConnectForm, FormErrors } from '../../lib/connect-types.ts';

/** What each part of the connect form is given. */
export type FormPartProps = {
  readonly form: ConnectForm;
  readonly errors: FormErrors;
  readonly onChange: (change: Partial<ConnectForm>) => void;
  /** The registry that is edited. */
  readonly stored: Registry | undefined;
};

/** The id of the form: its buttons stand outside of it. */
export const FORM_ID = 'connect-form';

export const LADDER_ID = 'connect-ladder';

/** A button of the ladder that starts the test again goes away with the old results: the ladder keeps the focus. */
export function holdLadder(): void {
  const ladder = document.getElementById(LADDER_ID);
  if (ladder?.contains(document.activeElement) === true) ladder.focus({ preventScroll: true });
}

/** The control of that name, when it is drawn. */
export function controlOf(name: string): HTMLElement | undefined {
  const form = document.getElementById(FORM_ID);
  const control = form instanceof HTMLFormElement ? form.elements.namedItem(name) : null;
  return control instanceof HTMLElement ? control : undefined;
}
