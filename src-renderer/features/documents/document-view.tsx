import type { DocumentView as View } from '#shared/api/documents.ts';
import type { ReactNode } from 'react';
import { MAX_RAW_BYTES } from '../../lib/blob-name.ts';
import type { DocumentRef } from '../../queries/documents.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { UnknownIcon } from '../../ui/icons.ts';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import { Pairs } from '../../ui/pairs.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import css from './documents.module.css';
import { EnvelopeSection } from './envelope-section.tsx';
import { ProvenanceSections } from './provenance-sections.tsx';
import { SbomView } from './sbom-view.tsx';
import { SignatureSection } from './signature-section.tsx';
import { SubjectsSection } from './subjects-section.tsx';

export type DocumentViewProps = { readonly of: DocumentRef; readonly view: View };

const REASONS: Readonly<Record<Extract<View, { readonly kind: 'other' }>['reason'], string>> = {
  'unknown-format': 'No SBOM, provenance or signature that Gantry knows',
  'not-json': 'The document is not JSON',
  'bad-shape': 'The document is not built as its kind demands',
  'too-deep': 'The document is nested deeper than Gantry reads',
  'too-complex': 'The document holds more than Gantry reads',
};

/** One document, by its kind. */
export function DocumentView({ of, view }: DocumentViewProps) {
  switch (view.kind) {
    case 'sbom':
      return <SbomView of={of} view={view} />;
    case 'provenance':
      return (
        <Page>
          <ProvenanceSections provenance={view.provenance} />
          <SubjectsSection {...view} />
          <EnvelopeSection envelope={view.envelope} />
        </Page>
      );
    case 'statement':
      return (
        <Page>
          <Section title="Statement">
            <KeyValueList entries={[{ key: 'Says', value: <SafeText text={view.predicateType ?? 'not stated'} /> }]} />
            <Pairs label="What it says" pairs={view.fields} />
          </Section>
          <SubjectsSection {...view} />
          <EnvelopeSection envelope={view.envelope} />
        </Page>
      );
    case 'envelope':
      return (
        <Page>
          <SubjectsSection {...view} />
          <EnvelopeSection envelope={view.envelope} />
        </Page>
      );
    case 'signature':
      return (
        <Page>
          <SignatureSection view={view} />
        </Page>
      );
    case 'other':
    default:
      return (
        <EmptyState icon={UnknownIcon} title={REASONS[view.reason]}>
          {of.blob.sizeBytes <= MAX_RAW_BYTES
            ? 'What is in it is shown as it is under Raw.'
            : 'It is too large to be shown as it is.'}
        </EmptyState>
      );
  }
}

function Page({ children }: { readonly children: ReactNode }) {
  return (
    <div className={css['scroll']}>
      <div className={css['content']}>{children}</div>
    </div>
  );
}
