import { assertNever } from '../../lib/assert-never.ts';
import type { SignInKind } from '../../lib/connect-types.ts';
import { PasswordField } from '../../ui/password-field.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ConfigSignIn } from './config-sign-in.tsx';
import css from './connect.module.css';
import type { FormPartProps } from './form-part.ts';

const KINDS: ReadonlyArray<{ readonly value: SignInKind; readonly label: string }> = [
  { value: 'anonymous', label: 'Anonymous' },
  { value: 'password', label: 'User name and password or token' },
  { value: 'config', label: 'As docker or podman is signed in' },
  { value: 'bearer', label: 'Registry token' },
  { value: 'identity', label: 'Identity token' },
];

function placeholderOf({ stored, form }: FormPartProps): string {
  const isKept = stored?.secret === 'keychain' || stored?.secret === 'memory';
  return isKept && stored.auth.kind === form.signIn ? 'Unchanged' : '';
}

function Password(props: FormPartProps) {
  const { form, errors, onChange } = props;
  return (
    <div className={css['pair']}>
      <TextField
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
        label="Password or access token"
        name="secret"
        autoComplete="current-password"
        placeholder={placeholderOf(props)}
        value={form.secret}
        error={errors.secret}
        onChange={(secret) => {
          onChange({ secret });
        }}
      />
    </div>
  );
}

type TokenProps = FormPartProps & { readonly label: string; readonly hint: string };

function Token({ label, hint, ...props }: TokenProps) {
  const { form, errors, onChange } = props;
  return (
    <div className={css['pair']}>
      <PasswordField
        label={label}
        name="secret"
        autoComplete="off"
        aria-description={hint}
        placeholder={placeholderOf(props)}
        value={form.secret}
        error={errors.secret}
        onChange={(secret) => {
          onChange({ secret });
        }}
      />
      <p className={css['tokenHint']} aria-hidden>
        {hint}
      </p>
    </div>
  );
}

/** What the chosen kind needs. Every kind fills the same space, so that choosing one moves nothing below. */
function KindFields(props: FormPartProps) {
  switch (props.form.signIn) {
    case 'password':
      return <Password {...props} />;
    case 'config':
      return <ConfigSignIn form={props.form} stored={props.stored} />;
    case 'bearer':
      return (
        <Token
          {...props}
          label="Registry token"
          hint="Sent as it is, as a Bearer token. For a personal access token choose user name and password."
        />
      );
    case 'identity':
      return (
        <Token
          {...props}
          label="Identity token"
          hint="An OAuth2 refresh token, as docker login keeps for some clouds. It goes to the token server only."
        />
      );
    case 'anonymous':
      return <p className={css['kindNote']}>No sign-in is sent. Enough for whatever a registry shows to everybody.</p>;
    default:
      return assertNever(props.form.signIn);
  }
}

export function SignInFields(props: FormPartProps) {
  const { form, onChange } = props;
  return (
    <div className={css['signIn']}>
      <RadioGroup
        label="Sign-in"
        inline
        value={form.signIn}
        options={KINDS}
        onChange={(signIn) => {
          // A secret typed for one kind is none of another: a password is not a token.
          onChange({ signIn, secret: '' });
        }}
      />
      <div className={css['kind']}>
        <KindFields {...props} />
      </div>
    </div>
  );
}
