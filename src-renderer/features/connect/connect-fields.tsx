import type { RefObject } from 'react';
import { meantHost, type ConnectForm, type FormErrors, type SignInKind } from '../../lib/connect-form.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TextField } from '../../ui/text-field.tsx';
import css from './connect.module.css';

export type ConnectFieldsProps = {
  readonly form: ConnectForm;
  readonly errors: FormErrors;
  readonly onChange: (change: Partial<ConnectForm>) => void;
  /** An empty secret keeps the stored one. */
  readonly keepsSecret: boolean;
  readonly hostRef: RefObject<HTMLInputElement | null>;
  readonly userRef: RefObject<HTMLInputElement | null>;
  readonly secretRef: RefObject<HTMLInputElement | null>;
};

const KINDS: ReadonlyArray<{ readonly value: SignInKind; readonly label: string }> = [
  { value: 'anonymous', label: 'Anonymous' },
  { value: 'password', label: 'User name and password or token' },
  { value: 'bearer', label: 'Registry token' },
];

function SignIn({ form, errors, onChange, keepsSecret, userRef, secretRef }: ConnectFieldsProps) {
  const placeholder = keepsSecret ? 'Unchanged' : '';
  return (
    <>
      <RadioGroup
        label="Sign-in"
        inline
        value={form.signIn}
        options={KINDS}
        onChange={(signIn) => {
          onChange({ signIn });
        }}
      />
      {form.signIn === 'password' && (
        <div className={css['pair']}>
          <TextField
            ref={userRef}
            label="User name"
            name="username"
            autoComplete="username"
            spellCheck={false}
            autoCapitalize="off"
            value={form.username}
            error={errors.username}
            onChange={(username) => {
              onChange({ username });
            }}
          />
          <PasswordField
            ref={secretRef}
            label="Password or access token"
            name="password"
            autoComplete="current-password"
            placeholder={placeholder}
            value={form.secret}
            error={errors.secret}
            onChange={(secret) => {
              onChange({ secret });
            }}
          />
        </div>
      )}
      {form.signIn === 'bearer' && (
        <PasswordField
          ref={secretRef}
          label="Registry token"
          name="token"
          autoComplete="off"
          placeholder={placeholder}
          hint="Sent as it is, as a Bearer token. For a personal access token choose user name and password."
          value={form.secret}
          error={errors.secret}
          onChange={(secret) => {
            onChange({ secret });
          }}
        />
      )}
    </>
  );
}

function Options({ form, onChange }: Pick<ConnectFieldsProps, 'form' | 'onChange'>) {
  return (
    <>
      <div className={css['options']}>
        <Checkbox
          label="Plain HTTP"
          hint="No encryption: for registries on this machine or in a network you trust."
          checked={form.plainHttp}
          onChange={(plainHttp) => {
            onChange({ plainHttp });
          }}
        />
        <Checkbox
          label="Skip certificate verification"
          hint="For this host only."
          checked={form.skipVerification}
          onChange={(skipVerification) => {
            onChange({ skipVerification });
          }}
        />
      </div>
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

function MeantHost({ host, onChange }: Pick<ConnectForm, 'host'> & Pick<ConnectFieldsProps, 'onChange'>) {
  const meant = meantHost(host);
  if (meant === undefined) return null;
  const use = () => {
    onChange({ host: meant });
  };
  return (
    <Banner
      tone="warning"
      actions={
        <Button size="sm" onClick={use}>
          Use {meant}
        </Button>
      }
    >
      Did you mean {meant}? <SafeText text={host} /> is one slip away from it, and others own such names to collect
      passwords.
    </Banner>
  );
}

export function ConnectFields(props: ConnectFieldsProps) {
  const { form, errors, onChange, hostRef } = props;
  return (
    <>
      <div className={css['pair']}>
        <TextField
          ref={hostRef}
          label="Host"
          name="host"
          mono
          required
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
          placeholder="registry.example.com:5000"
          value={form.host}
          error={errors.host}
          onChange={(host) => {
            onChange({ host });
          }}
        />
        <TextField
          label="Label (optional)"
          name="label"
          autoComplete="off"
          placeholder={form.host}
          value={form.label}
          onChange={(label) => {
            onChange({ label });
          }}
        />
      </div>
      <MeantHost host={form.host} onChange={onChange} />
      <SignIn {...props} />
      <Options form={form} onChange={onChange} />
    </>
  );
}
