import { cleanApiPrefix, cleanRepositoryPrefix, readHost } from '../../lib/connect-checks.ts';
import type { ConnectForm } from '../../lib/connect-types.ts';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TextField } from '../../ui/text-field.tsx';
import css from './connect.module.css';
import type { FormPartProps } from './form-part.ts';

const PROXIES: ReadonlyArray<{ readonly value: ConnectForm['proxy']; readonly label: string }> = [
  { value: 'system', label: 'As the system' },
  { value: 'none', label: 'None' },
  { value: 'url', label: 'Address' },
];

function Proxy({ form, errors, onChange }: FormPartProps) {
  return (
    <div className={css['pair']}>
      <RadioGroup
        label="Proxy"
        inline
        value={form.proxy}
        options={PROXIES}
        onChange={(proxy) => {
          onChange({ proxy });
        }}
      />
      {form.proxy === 'url' ? (
        <TextField
          label="Address of the proxy"
          name="proxyUrl"
          mono
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
          placeholder="http://proxy.example.com:3128"
          value={form.proxyUrl}
          error={errors.proxyUrl}
          onChange={(proxyUrl) => {
            onChange({ proxyUrl });
          }}
        />
      ) : (
        <p className={css['proxyNote']}>
          {form.proxy === 'system'
            ? 'HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as Gantry was started with them.'
            : 'Straight to the registry, whatever the environment says.'}
        </p>
      )}
    </div>
  );
}

/** What an address becomes, so that nobody has to guess. */
function Example({ form }: Pick<FormPartProps, 'form'>) {
  const read = readHost(form.host);
  const host = 'host' in read ? read.host : 'registry.example.com';
  const prefix = cleanRepositoryPrefix(form.repositoryPrefix);
  const name = `${prefix === '' ? '' : `${prefix}/`}library/nginx`;
  const url = `${form.plainHttp ? 'http' : 'https'}://${host}${cleanApiPrefix(form.apiPrefix)}/v2/${name}/…`;
  return (
    <p className={css['example']}>
      <code>library/nginx</code> is asked for at{' '}
      <code>
        <SafeText text={url} />
      </code>
    </p>
  );
}

/** The way to the registry, and what stands before its paths. */
export function RouteFields(props: FormPartProps) {
  const { form, errors, onChange } = props;
  return (
    <>
      <Proxy {...props} />
      <div className={css['pair']}>
        <TextField
          label="API path prefix"
          name="apiPrefix"
          mono
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
          placeholder="/registry"
          hint="When the registry lives below a path: what stands before /v2/."
          value={form.apiPrefix}
          error={errors.apiPrefix}
          onChange={(apiPrefix) => {
            onChange({ apiPrefix });
          }}
        />
        <TextField
          label="Repository prefix"
          name="repositoryPrefix"
          mono
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
          placeholder="hub"
          hint="For a mirror that keeps all its repositories below one name."
          value={form.repositoryPrefix}
          error={errors.repositoryPrefix}
          onChange={(repositoryPrefix) => {
            onChange({ repositoryPrefix });
          }}
        />
      </div>
      {(form.apiPrefix.trim() !== '' || form.repositoryPrefix.trim() !== '') && <Example form={form} />}
    </>
  );
}
