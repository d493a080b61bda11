import type { ConnectForm, FormField } from '../../lib/connect-types.ts';
import type { ErrorActions } from '../../lib/error-text.ts';

/** A control of the form, by name. */
export type Place = FormField | 'plainHttp' | 'skipVerification';

type FormHandle = {
  readonly form: ConnectForm;
  readonly change: (changed: Partial<ConnectForm>) => void;
  /** Shows the control and gives it the focus. */
  readonly goTo: (place: Place) => void;
  readonly testForm: (form: ConnectForm) => void;
};

/** What a failed rung offers: it changes the form and leads to the place, and never weakens anything unseen. */
export function mendActions({ form, change, goTo, testForm }: FormHandle): ErrorActions {
  const at = (place: Place, changed?: Partial<ConnectForm>) => () => {
    goTo(place);
    if (changed !== undefined) change(changed);
  };
  const signIn = form.signIn === 'anonymous' || form.signIn === 'config' ? 'password' : form.signIn;
  return {
    retry: () => {
      testForm(form);
    },
    'edit-connection': at('host'),
    'sign-in': at(signIn === 'password' && form.username === '' ? 'username' : 'secret', { signIn }),
    'use-plain-http': at('plainHttp', { plainHttp: true }),
    'skip-verification': at('skipVerification', { skipVerification: true }),
    'add-authority': at('caPem'),
    'set-client-certificate': at('clientCertificatePem'),
    'allow-upload-host': at('uploadHosts'),
    'trust-host': (error) => {
      if (error.kind !== 'untrusted-host') return;
      const trustedTokenHosts = [...new Set([...form.trustedTokenHosts, error.host])];
      change({ trustedTokenHosts });
      testForm({ ...form, trustedTokenHosts });
    },
  };
}
