import type { CopySource } from '../../lib/copy-sources.ts';
import type { TransferDraft } from '../../lib/transfer-draft.ts';
import { ConflictOptions, ContentOptions } from './option-fields.tsx';
import { DestinationFields } from './destination-fields.tsx';
import { NamePreviews } from './name-previews.tsx';
import { PlatformChoice } from './platform-choice.tsx';
import { SourcesSummary } from './sources-summary.tsx';
import { TagFilterFields } from './tag-filter-fields.tsx';
import { useCopyForm } from './use-copy-form.ts';
import { useSourcePlatforms } from './use-source-platforms.ts';
import { useWizard } from './use-wizard.ts';
import { WizardFrame } from './wizard-frame.tsx';

export type CopyWizardProps = {
  readonly draft: Extract<TransferDraft, { kind: 'copy' }>;
  readonly onClose: () => void;
};

/** From registries to a registry. */
export function CopyWizard({ draft, onClose }: CopyWizardProps) {
  const copy = useCopyForm(draft.sources, draft.place);
  const input = copy.isGood ? copy.input : undefined;
  const wizard = useWizard(draft.atPlan === true ? input : undefined, () => {
    copy.remember();
    onClose();
  });
  return (
    <WizardFrame
      title="Copy to a registry"
      wizard={wizard}
      startLabel="Start copy"
      registryId={copy.form.registryId}
      input={input}
      refusal={copy.refusal}
      onClose={onClose}
    >
      <ChooseStep sources={draft.sources} copy={copy} />
    </WizardFrame>
  );
}

type ChooseStepProps = {
  readonly sources: readonly CopySource[];
  readonly copy: ReturnType<typeof useCopyForm>;
};

function ChooseStep({ sources, copy }: ChooseStepProps) {
  const { form, errors, change, hasRepositories } = copy;
  const platforms = useSourcePlatforms(sources);
  return (
    <>
      <SourcesSummary sources={sources} />
      {hasRepositories && <TagFilterFields form={form} errors={errors} onChange={change} />}
      <DestinationFields form={form} errors={errors} onChange={change} />
      <NamePreviews names={copy.names} host={copy.host} check={copy.check} />
      <PlatformChoice
        known={platforms}
        mayHaveMore={hasRepositories}
        chosen={form.platforms}
        onChange={(chosen) => {
          change({ platforms: chosen });
        }}
      />
      <ContentOptions form={form} onChange={change} />
      <ConflictOptions form={form} onChange={change} />
    </>
  );
}
