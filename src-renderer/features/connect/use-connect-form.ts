import type { ConnectionInput, Registry } from '#shared/api/registries.ts';
import { useState, type FormEvent } from 'react';
import { emptyForm, formOf, readForm, type ConnectForm, type FormErrors } from '../../lib/connect-form.ts';
import type { ErrorAction } from '../../lib/error-text.ts';
import type { ConnectPrefill } from '../../state/dialogs.ts';
import { useConnectionTest } from './use-connection-test.ts';
import { useSaveRegistry } from './use-save-registry.ts';

export type ConnectFormOptions = {
  readonly stored: Registry | undefined;
  readonly prefill?: ConnectPrefill;
  /** Opened to sign in: an anonymous registry starts with a user name to fill in. */
  readonly focus?: 'auth' | 'options' | undefined;
  readonly onClose: () => void;
  readonly focusHost: () => void;
  readonly focusSignIn: () => void;
};

function firstForm({ stored, prefill, focus }: ConnectFormOptions): ConnectForm {
  if (stored !== undefined) {
    const form = formOf(stored);
    return focus === 'auth' && form.signIn === 'anonymous' ? { ...form, signIn: 'password' } : form;
  }
  const { host = '', label = '', plainHttp = false, auth = 'anonymous' } = prefill ?? {};
  return { ...emptyForm, host, label, plainHttp, signIn: auth };
}

/** The state of the connect dialog: the form, its test, and what a failed rung offers to change. */
export function useConnectForm(options: ConnectFormOptions) {
  const { stored, prefill, onClose, focusHost, focusSignIn } = options;
  const [form, setForm] = useState(() => firstForm(options));
  const [errors, setErrors] = useState<FormErrors>({});
  const { test, run, stop } = useConnectionTest();
  const save = useSaveRegistry(stored?.id, prefill?.thenReference, onClose);
  const change = (changed: Partial<ConnectForm>) => {
    setForm((before) => ({ ...before, ...changed }));
    setErrors({});
    stop();
    save.reset();
  };
  const withInput = (use: (input: ConnectionInput) => void) => {
    const result = readForm(form, stored);
    setErrors(result.ok ? {} : result.errors);
    if (result.ok) use(result.input);
    else if (result.errors.host !== undefined) focusHost();
  };
  const startTest = () => {
    withInput((input) => void run(stored === undefined ? input : { ...input, id: stored.id }));
  };
  const actions: Partial<Record<ErrorAction, () => void>> = {
    retry: startTest,
    'edit-connection': focusHost,
    'sign-in': () => {
      change({ signIn: form.signIn === 'anonymous' ? 'password' : form.signIn });
      // The field is there after the next paint.
      requestAnimationFrame(focusSignIn);
    },
    'use-plain-http': () => {
      change({ plainHttp: true });
    },
    'skip-verification': () => {
      change({ skipVerification: true });
    },
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    withInput(save.save);
  };
  return { form, errors, change, test, actions, startTest, submit, save };
}
