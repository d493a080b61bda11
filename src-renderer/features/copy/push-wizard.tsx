import type { TransferDraft } from '../../lib/transfer-draft.ts';
import { ArchiveList } from './archive-list.tsx';
import { ArchivePicker } from './archive-picker.tsx';
import { DestinationFields } from './destination-fields.tsx';
import { NamePreviews } from './name-previews.tsx';
import { ConflictOptions, ContentOptions } from './option-fields.tsx';
import { PlatformChoice } from './platform-choice.tsx';
import { usePushForm, type Push } from './use-push-form.ts';
import { useWizard } from './use-wizard.ts';
import { WizardFrame } from './wizard-frame.tsx';

export type PushWizardProps = {
  readonly draft: Extract<TransferDraft, { kind: 'push' }>;
  readonly onClose: () => void;
};

/** From archives and folders of this machine to a registry. */
export function PushWizard({ draft, onClose }: PushWizardProps) {
  const push = usePushForm(draft);
  const wizard = useWizard(undefined, onClose);
  return (
    <WizardFrame
      title="Push an archive"
      wizard={wizard}
      startLabel="Start push"
      registryId={push.form.registryId}
      input={push.input}
      refusal={push.refusal}
      onClose={onClose}
    >
      <ChooseStep push={push} />
    </WizardFrame>
  );
}

function ChooseStep({ push }: { readonly push: Push }) {
  const { form, check, change, archives } = push;
  return (
    <>
      <ArchivePicker archives={archives} />
      <ArchiveList push={push} />
      <DestinationFields form={form} errors={check.errors} onChange={change} />
      {push.chosen.length > 0 && <NamePreviews names={push.names} host={push.host} check={check} />}
      <PlatformChoice
        known={push.platforms}
        mayHaveMore={false}
        chosen={form.platforms}
        onChange={(platforms) => {
          change({ platforms });
        }}
      />
      <ContentOptions form={form} onChange={change} />
      <ConflictOptions form={form} onChange={change} />
    </>
  );
}
