import { displayText } from '#shared/oci/display-text.ts';
import { useState } from 'react';
import { blobName } from '../../lib/blob-name.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useDocument, type DocumentRef } from '../../queries/documents.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { Banner } from '../../ui/banner.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { ArtifactIcon } from '../../ui/icons.ts';
import { Select } from '../../ui/select.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { DocumentView } from './document-view.tsx';
import css from './documents.module.css';

/** What an artifact's blobs say: SBOMs, provenance, signatures, as fields a person can read. */
export function DocumentsPanel(props: ImagePanelProps) {
  const { shown, registryId, repository } = props;
  const [chosen, setChosen] = useState(0);
  const blobs = shown.kind === 'artifact' ? shown.blobs : [];
  const blob = blobs[chosen] ?? blobs[0];
  if (blob === undefined) {
    return (
      <EmptyState icon={ArtifactIcon} title="No documents">
        SBOMs, provenance and signatures are artifacts: they are listed under Referrers of the image they are about.
      </EmptyState>
    );
  }
  return (
    <>
      {blobs.length > 1 && (
        <Toolbar label="Documents">
          <Select
            label="Document"
            value={String(chosen)}
            options={blobs.map((each, index) => ({
              value: String(index),
              label: `${index + 1}. ${displayText(predicateOf(each.annotations) ?? blobName(each, index))}`,
            }))}
            onChange={(value) => {
              setChosen(Number(value));
            }}
          />
        </Toolbar>
      )}
      <Document key={blob.digest} of={{ registryId, repository, digest: shown.digest, blob }} />
    </>
  );
}

/** BuildKit names the kind of statement beside the blob. */
function predicateOf(annotations: readonly (readonly [name: string, value: string])[]): string | undefined {
  return annotations.find(([name]) => name === 'in-toto.io/predicate-type')?.[1];
}

function Document({ of }: { readonly of: DocumentRef }) {
  const document = useDocument(of);
  const actions = useErrorActions(of.registryId, () => void document.refetch());
  if (document.error !== null) return <ErrorState error={appErrorOf(document.error)} actions={actions} />;
  if (document.data === undefined) {
    return (
      <Waiting
        title="Reading the document"
        progress={document.progress}
        widths={[50, 64, 42]}
        isStopped={document.isStopped}
        onStop={document.stop}
        onAgain={() => void document.refetch()}
      />
    );
  }
  return (
    <>
      <div className={css['note']}>
        <Banner>Shown as it is written: no signature, certificate or log entry is verified here.</Banner>
      </div>
      <DocumentView of={of} view={document.data.document} />
    </>
  );
}
