import type { FormPartProps } from './form-part.ts';
import { HostListField } from './host-list-field.tsx';

/** Token servers of another name that may have the credential. */
export function TokenHostsField({ form, errors, onChange }: FormPartProps) {
  return (
    <HostListField
      name="trustedTokenHosts"
      label="Trusted token servers"
      hint="Where your password or token may go besides the registry itself. Gantry asks when one is new."
      placeholder="auth.example.com"
      addLabel="Trust"
      removeLabel={(host) => `No longer trust ${host}`}
      hosts={form.trustedTokenHosts}
      error={errors.trustedTokenHosts}
      onChange={(trustedTokenHosts) => {
        onChange({ trustedTokenHosts });
      }}
    />
  );
}
