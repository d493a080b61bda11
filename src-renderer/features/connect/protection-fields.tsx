import { Banner } from '../../ui/banner.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import css from './connect.module.css';
import type { FormPartProps } from './form-part.ts';

/** The two ways to be less protected, each with what it means. */
export function ProtectionFields({ form, onChange }: FormPartProps) {
  return (
    <div className={css['pair']}>
      <Checkbox
        label="Plain HTTP"
        name="plainHttp"
        hint="No encryption: for registries on this machine or in a network you trust."
        checked={form.plainHttp}
        onChange={(plainHttp) => {
          onChange({ plainHttp });
        }}
      />
      <Checkbox
        label="Skip certificate verification"
        name="skipVerification"
        hint="For this host only. Adding its authority below is the safer way."
        checked={form.skipVerification}
        onChange={(skipVerification) => {
          onChange({ skipVerification });
        }}
      />
    </div>
  );
}

/** Stays in sight when the options are folded away. */
export function ProtectionWarnings({ form }: Pick<FormPartProps, 'form'>) {
  return (
    <>
      {form.skipVerification && !form.plainHttp && (
        <Banner tone="warning">
          Anyone between you and this host can read your password and change what you see. Use it only for a registry
          you run yourself.
        </Banner>
      )}
      {form.plainHttp && form.signIn !== 'anonymous' && (
        <Banner tone="warning">Your password or token will cross the network unencrypted.</Banner>
      )}
    </>
  );
}
