import { validityText } from '../../lib/certificate-dates.ts';
import type { CertificateSummary } from '../../lib/der-certificate.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { useNow } from '../../ui/use-now.ts';
import css from './connect.module.css';

export type PemSummaryProps = { readonly certificates: readonly CertificateSummary[] };

const SHOWN = 3;
const TONES = { ok: undefined, soon: css['warning'], over: css['failed'] } as const;

function Line({ subject, validTo }: CertificateSummary) {
  const now = useNow();
  const validity = validTo === undefined ? undefined : validityText(validTo, now);
  return (
    <span className={css['pemLine']}>
      <SafeText text={subject === '' ? 'A certificate without a name' : subject} />
      {validity !== undefined && <span className={TONES[validity.tone]}>, {validity.text}</span>}
    </span>
  );
}

/** Whose certificates were read, and how long they are good for. */
export function PemSummary({ certificates }: PemSummaryProps) {
  const rows = certificates.slice(0, SHOWN).map((certificate, index) => ({ certificate, key: String(index) }));
  return (
    <>
      {rows.map(({ certificate, key }) => (
        <Line key={key} {...certificate} />
      ))}
      {certificates.length > SHOWN && <span className={css['pemLine']}>and {certificates.length - SHOWN} more</span>}
    </>
  );
}
