import type { CertificateInfo } from '#shared/api/registries.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { validityText } from '../lib/certificate-dates.ts';
import { formatExact, parseInstant } from '../lib/format-time.ts';
import { Badge } from './badge.tsx';
import { CopyButton } from './copy-button.tsx';
import { KeyValueList } from './key-value-list.tsx';
import { SafeText } from './safe-text.tsx';
import { useNow } from './use-now.ts';
import css from './certificate-chain.module.css';

export type CertificateChainProps = { readonly certificates: readonly CertificateInfo[] };

const TONES = { ok: 'neutral', soon: 'warning', over: 'danger' } as const;

function Expiry({ certificate }: { readonly certificate: CertificateInfo }) {
  const now = useNow();
  const validTo = parseInstant(certificate.validTo);
  if (validTo === undefined) return null;
  const { tone, text } = validityText(validTo, now, parseInstant(certificate.validFrom));
  return <Badge tone={TONES[tone]}>{text}</Badge>;
}

function day(time: string): string {
  const instant = parseInstant(time);
  return instant === undefined ? displayText(time) : formatExact(instant);
}

type CertificateProps = { readonly certificate: CertificateInfo; readonly isLeaf: boolean };

function Certificate({ certificate, isLeaf }: CertificateProps) {
  const { subject, issuer, altNames, validFrom, validTo, fingerprint } = certificate;
  return (
    <li className={css['certificate']}>
      <div className={css['certificateHead']}>
        <strong>
          <SafeText text={subject === '' ? 'A certificate without a name' : subject} />
        </strong>
        <Expiry certificate={certificate} />
      </div>
      <KeyValueList
        entries={[
          { key: 'Issued by', value: subject === issuer ? 'itself' : <SafeText text={issuer} /> },
          ...(isLeaf ? [{ key: 'Names', value: altNames === '' ? 'none' : <SafeText text={altNames} /> }] : []),
          { key: 'Valid', value: `${day(validFrom)} to ${day(validTo)}` },
          {
            key: 'SHA-256',
            value: (
              <span className={css['fingerprint']}>
                <code>{displayText(fingerprint)}</code>
                <CopyButton text={fingerprint} what="fingerprint" />
              </span>
            ),
          },
        ]}
      />
    </li>
  );
}

/** What the host showed, its own certificate first. */
export function CertificateChain({ certificates }: CertificateChainProps) {
  const keyed = certificates.map((certificate, index) => ({ certificate, key: `${index} ${certificate.fingerprint}` }));
  return (
    <ol className={css['chain']} aria-label="Certificates">
      {keyed.map(({ certificate, key }, index) => (
        <Certificate key={key} certificate={certificate} isLeaf={index === 0} />
      ))}
    </ol>
  );
}
