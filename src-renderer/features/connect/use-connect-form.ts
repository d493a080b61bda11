import type { ConnectionInput, Registry } from '#shared/api/registries.ts';
import { useState, type FormEvent } from 'react';
import { fieldErrors, firstField, isOptionField } from '../../lib/connect-checks.ts';
import { emptyForm, formOf, readForm } from '../../lib/connect-form.ts';
import type { ConnectForm, FormErrors } from '../../lib/connect-types.ts';
import type { ConnectPrefill, EditFocus } from '../../state/dialogs.ts';
import { controlOf, holdLadder } from './form-part.ts';
import { mendActions, type Place } from './mend-actions.ts';
import { IDLE, useConnectionTest } from './use-connection-test.ts';
import { useSaveRegistry } from './use-save-registry.ts';

export type ConnectFormOptions = {
  readonly stored: Registry | undefined;
  readonly prefill?: ConnectPrefill;
  /** Opened to sign in: an anonymous registry starts with a user name to fill in. */
  readonly focus?: EditFocus | undefined;
  readonly onClose: () => void;
};

function firstForm({ stored, prefill, focus }: ConnectFormOptions): ConnectForm {
  if (stored !== undefined) {
    const form = formOf(stored);
    return focus === 'auth' && form.signIn === 'anonymous' ? { ...form, signIn: 'password' } : form;
  }
  const { host = '', label = '', plainHttp = false, auth = 'anonymous' } = prefill ?? {};
  return { ...emptyForm, host, label, plainHttp, signIn: auth };
}

function focusOn(place: Place): void {
  // Now already, somewhere that stays: the button that was pressed goes, and a dialog that loses its focus takes it.
  (controlOf(place) ?? controlOf('host'))?.focus({ preventScroll: true });
  // The field may be drawn only now: it is there after the next paint.
  requestAnimationFrame(() => {
    controlOf(place)?.focus();
  });
}

/** The state of the connect dialog: the form, its test, and what a failed rung offers to change. */
export function useConnectForm(options: ConnectFormOptions) {
  const { stored, prefill, focus, onClose } = options;
  const [form, setForm] = useState(() => firstForm(options));
  const [errors, setErrors] = useState<FormErrors>({});
  const [isOpen, setOpen] = useState(focus !== undefined && focus !== 'auth');
  const { test, run, stop } = useConnectionTest();
  const save = useSaveRegistry(stored?.id, prefill?.thenReference, onClose);
  const refused = fieldErrors(save.error) ?? fieldErrors(test.error);
  const goTo = (field: Place) => {
    if (isOptionField(field)) setOpen(true);
    focusOn(field);
  };
  const change = (changed: Partial<ConnectForm>) => {
    setForm((before) => ({ ...before, ...changed }));
    setErrors({});
    stop();
    save.reset();
  };
  const withInput = (wanted: ConnectForm, use: (input: ConnectionInput) => void) => {
    const result = readForm(wanted, stored);
    setErrors(result.ok ? {} : result.errors);
    if (result.ok) use(result.input);
    else goTo(firstField(result.errors) ?? 'host');
  };
  const testForm = (wanted: ConnectForm) => {
    holdLadder();
    save.reset();
    withInput(wanted, (input) => void run(stored === undefined ? input : { ...input, id: stored.id }));
  };
  const actions = mendActions({ form, change, goTo, testForm });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    withInput(form, save.save);
  };
  return {
    form,
    errors: refused === undefined ? errors : { ...errors, ...refused },
    /** What neither a field nor a rung can say. */
    failure: refused === undefined ? save.error : undefined,
    isOpen: isOpen || Object.keys({ ...errors, ...refused }).some((field) => isOptionField(field)),
    setOpen,
    change,
    // What the engine objects to stands at its field, so there is no ladder to show.
    test: fieldErrors(test.error) === undefined ? test : IDLE,
    dismissTest: stop,
    actions,
    startTest: () => {
      testForm(form);
    },
    submit,
    save,
  };
}
