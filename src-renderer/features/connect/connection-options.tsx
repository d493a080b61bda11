import { optionsSummary } from '../../lib/connect-form.ts';
import { Disclosure } from '../../ui/disclosure.tsx';
import css from './connect.module.css';
import type { FormPartProps } from './form-part.ts';
import { ProtectionFields } from './protection-fields.tsx';
import { RouteFields } from './route-fields.tsx';
import { TlsFields } from './tls-fields.tsx';
import { TokenHostsField } from './token-hosts-field.tsx';
import { UploadFields } from './upload-fields.tsx';

export type ConnectionOptionsProps = FormPartProps & {
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
};

/** What most registries never need, folded away; closed, it still says what differs from the ordinary. */
export function ConnectionOptions({ open, onToggle, ...props }: ConnectionOptionsProps) {
  const summary = optionsSummary(props.form);
  return (
    <Disclosure
      title="Connection options"
      aside={open ? undefined : summary === '' ? 'https, certificates checked, proxy as the system' : summary}
      open={open}
      onToggle={onToggle}
    >
      <div className={css['form']}>
        <ProtectionFields {...props} />
        <TlsFields {...props} />
        <RouteFields {...props} />
        <TokenHostsField {...props} />
        <UploadFields {...props} />
      </div>
    </Disclosure>
  );
}
