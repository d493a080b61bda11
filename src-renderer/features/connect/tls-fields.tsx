import { keepsClientKey } from '../../lib/connect-checks.ts';
import { readPem } from '../../lib/pem.ts';
import { PasswordField } from '../../ui/password-field.tsx';
import css from './connect.module.css';
import type { FormPartProps } from './form-part.ts';
import { PemField } from './pem-field.tsx';
import { PemSummary } from './pem-summary.tsx';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----';

function Authority({ form, errors, onChange }: FormPartProps) {
  const { certificates } = readPem(form.caPem);
  return (
    <PemField
      label="Certificate authority"
      name="caPem"
      placeholder={CERTIFICATE}
      value={form.caPem}
      error={errors.caPem}
      hint={
        certificates.length > 0 ? (
          <PemSummary certificates={certificates} />
        ) : (
          'Trusted for this registry, besides those of the system. PEM; paste, choose or drop a file.'
        )
      }
      onChange={(caPem) => {
        onChange({ caPem });
      }}
    />
  );
}

/** A file often holds both: each goes where it belongs. */
function splitClientPem(text: string): { readonly clientCertificatePem: string; readonly clientKeyPem?: string } {
  const { certificatePem, keyPem } = readPem(text);
  return certificatePem === '' || keyPem === ''
    ? { clientCertificatePem: text }
    : { clientCertificatePem: certificatePem, clientKeyPem: keyPem };
}

function ClientCertificate({ form, errors, onChange }: FormPartProps) {
  const { certificates } = readPem(form.clientCertificatePem);
  return (
    <PemField
      label="Client certificate"
      name="clientCertificatePem"
      placeholder={CERTIFICATE}
      value={form.clientCertificatePem}
      error={errors.clientCertificatePem}
      hint={
        certificates.length > 0 ? (
          <PemSummary certificates={certificates} />
        ) : (
          'For registries that know you by a certificate. PEM; the key may be in the same file.'
        )
      }
      onChange={(text) => {
        onChange(text === '' ? { clientCertificatePem: '', clientKeyPem: '' } : splitClientPem(text));
      }}
    />
  );
}

function ClientKey({ form, errors, onChange, stored }: FormPartProps) {
  const { keyPem, isKeyEncrypted } = readPem(form.clientKeyPem);
  const isKept = keepsClientKey(form, stored) && form.clientKeyPem === '';
  return (
    <>
      <PemField
        label="Private key"
        name="clientKeyPem"
        isSecret
        placeholder={isKept ? 'Unchanged' : KEY}
        value={form.clientKeyPem}
        error={errors.clientKeyPem}
        hint={keyPem === '' ? 'Kept with your passwords, and never shown again.' : keyHint(isKeyEncrypted)}
        onChange={(clientKeyPem) => {
          onChange({ clientKeyPem });
        }}
      />
      {isKeyEncrypted && (
        <PasswordField
          label="Passphrase of the key"
          name="clientKeyPassphrase"
          autoComplete="off"
          value={form.clientKeyPassphrase}
          error={errors.clientKeyPassphrase}
          onChange={(clientKeyPassphrase) => {
            onChange({ clientKeyPassphrase });
          }}
        />
      )}
    </>
  );
}

function keyHint(isEncrypted: boolean): string {
  return isEncrypted ? 'An encrypted private key.' : 'A private key. Kept with your passwords, and never shown again.';
}

/** Whom we trust, and how we prove who we are, below HTTP. The key is asked for once there is a certificate. */
export function TlsFields(props: FormPartProps) {
  const { clientCertificatePem, clientKeyPem } = props.form;
  return (
    <>
      <div className={css['pair']}>
        <Authority {...props} />
        <ClientCertificate {...props} />
      </div>
      {(clientCertificatePem !== '' || clientKeyPem !== '') && (
        <div className={css['pair']}>
          <ClientKey {...props} />
        </div>
      )}
    </>
  );
}
