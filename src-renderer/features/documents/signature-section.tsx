import type { DocumentView } from '#shared/api/documents.ts';
import { KeyValueList, type KeyValue } from '../../ui/key-value-list.tsx';
import { Pairs } from '../../ui/pairs.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import { signatureFacts, TransparencyLog } from './envelope-section.tsx';

type Signature = Extract<DocumentView, { readonly kind: 'signature' }>;

function textFact(key: string, value: string | undefined): readonly KeyValue[] {
  return value === undefined ? [] : [{ key, value: <SafeText text={value} /> }];
}

/** A cosign signature: for what, by whom, with which notes. */
export function SignatureSection({ view }: { readonly view: Signature }) {
  return (
    <>
      <Section title="Signature" aside="cosign">
        <KeyValueList
          entries={[
            ...textFact('Of', view.manifestDigest),
            ...textFact('Named', view.identity),
            ...textFact('Type', view.type),
            ...signatureFacts(view.signature),
          ]}
        />
        <TransparencyLog entries={view.transparencyLog} />
      </Section>
      {view.optional.length > 0 && (
        <Section title="Notes">
          <Pairs label="Notes" pairs={view.optional} />
        </Section>
      )}
    </>
  );
}
