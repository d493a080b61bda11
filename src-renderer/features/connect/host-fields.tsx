import { meantHost } from '../../lib/connect-checks.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TextField } from '../../ui/text-field.tsx';
import css from './connect.module.css';
import type { FormPartProps } from './form-part.ts';

function MeantHost({ form, onChange }: Pick<FormPartProps, 'form' | 'onChange'>) {
  const meant = meantHost(form.host);
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
      Did you mean {meant}? <SafeText text={form.host} /> is one slip away from it, and others own such names to collect
      passwords.
    </Banner>
  );
}

/** Which registry, and what to call it. */
export function HostFields({ form, errors, onChange }: FormPartProps) {
  return (
    <>
      <div className={css['pair']}>
        <TextField
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
      <MeantHost form={form} onChange={onChange} />
    </>
  );
}
