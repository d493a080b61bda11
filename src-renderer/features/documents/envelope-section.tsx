import type { DocumentCertificate, DocumentView } from '#shared/api/documents.ts';
import { KeyValueList, type KeyValue } from '../../ui/key-value-list.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import css from './documents.module.css';

type Envelope = Extract<DocumentView, { readonly kind: 'envelope' }>['envelope'];
type LogEntry = Envelope['transparencyLog'][number];

const FORMATS = { none: 'not signed', dsse: 'DSSE envelope', 'sigstore-bundle': 'Sigstore bundle' } as const;

/** Who claims to have signed it. Nothing here is verified. */
export function EnvelopeSection({ envelope }: { readonly envelope: Envelope }) {
  return (
    <Section title="Signatures" aside={FORMATS[envelope.format]}>
      {envelope.format === 'none' && <p className={css['muted']}>The document carries no signature of its own.</p>}
      {envelope.signatures.map((signature) => (
        <KeyValueList
          key={signature.keyId ?? signature.certificate?.fingerprint ?? 'signature'}
          entries={signatureFacts(signature)}
        />
      ))}
      <TransparencyLog entries={envelope.transparencyLog} />
    </Section>
  );
}

/** What a signature says of its key or certificate. */
export function signatureFacts(signature: Envelope['signatures'][number]): readonly KeyValue[] {
  const { keyId, hasSignature, certificate } = signature;
  return [
    ...(keyId === undefined || keyId === '' ? [] : [{ key: 'Key', value: <SafeText text={keyId} /> }]),
    ...(certificate === undefined ? [] : certificateFacts(certificate)),
    { key: 'Signature', value: hasSignature ? 'there, not verified' : 'missing' },
  ];
}

function certificateFacts(certificate: DocumentCertificate): readonly KeyValue[] {
  const { altNames, subject, issuer, oidcIssuer, validFrom, validTo, fingerprint, claims } = certificate;
  return [
    { key: 'Signed by', value: <SafeText text={altNames.length > 0 ? altNames.join(', ') : subject} /> },
    ...(oidcIssuer === undefined ? [] : [{ key: 'Vouched for by', value: <SafeText text={oidcIssuer} /> }]),
    ...claims.map(([name, value]) => ({
      key: name,
      label: <SafeText text={name} />,
      value: <SafeText text={value} />,
    })),
    { key: 'Certificate from', value: <SafeText text={issuer} /> },
    {
      key: 'Valid',
      value: (
        <>
          <TimeAgo time={validFrom} /> – <TimeAgo time={validTo} />
        </>
      ),
    },
    { key: 'Fingerprint', value: <code className={css['digest']}>{fingerprint}</code> },
  ];
}

/** Entries of a public log, as the document tells of them. */
export function TransparencyLog({ entries }: { readonly entries: readonly LogEntry[] }) {
  return entries.map((entry) => (
    <KeyValueList
      key={entry.logIndex ?? entry.logId ?? 'log'}
      entries={[
        { key: 'Log entry', value: <SafeText text={entry.logIndex ?? 'without a number'} /> },
        ...(entry.integratedTime === undefined
          ? []
          : [{ key: 'Logged', value: <TimeAgo time={entry.integratedTime} /> }]),
      ]}
    />
  ));
}
