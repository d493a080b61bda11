import type { ArchiveFormat } from '#shared/api/archives.ts';
import type { CopySource } from '../../lib/copy-sources.ts';
import type { TransferDraft } from '../../lib/transfer-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { FolderIcon } from '../../ui/icons.ts';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TextField } from '../../ui/text-field.tsx';
import css from './copy.module.css';
import { PlatformChoice } from './platform-choice.tsx';
import { SourcesSummary } from './sources-summary.tsx';
import { TagFilterFields } from './tag-filter-fields.tsx';
import { usePullForm, type Pull } from './use-pull-form.ts';
import { useSourcePlatforms } from './use-source-platforms.ts';
import { useWizard } from './use-wizard.ts';
import { WizardFrame } from './wizard-frame.tsx';

export type PullWizardProps = {
  readonly draft: Extract<TransferDraft, { kind: 'pull' }>;
  readonly onClose: () => void;
};

/** From registries to a file of this machine. */
export function PullWizard({ draft, onClose }: PullWizardProps) {
  const pull = usePullForm(draft.sources);
  const wizard = useWizard(undefined, onClose);
  return (
    <WizardFrame
      title="Save to a file"
      wizard={wizard}
      startLabel="Start saving"
      registryId={draft.sources[0]?.registryId ?? ''}
      input={pull.input}
      refusal={pull.refusal}
      onClose={onClose}
    >
      <ChooseStep sources={draft.sources} pull={pull} />
    </WizardFrame>
  );
}

const FORMATS: ReadonlyArray<{ readonly value: ArchiveFormat; readonly label: string; readonly hint: string }> = [
  {
    value: 'oci-tar',
    label: 'OCI archive',
    hint: 'One file that keeps everything as it is: all platforms, digests, referrers. skopeo, podman and docker 25 read it.',
  },
  {
    value: 'docker-tar',
    label: 'Docker archive',
    hint: 'One file as docker save writes it: one platform an image. docker load reads it.',
  },
  {
    value: 'oci-layout',
    label: 'OCI layout',
    hint: 'A folder with the same content as an OCI archive, each blob a file of its own.',
  },
];

function ChooseStep({ sources, pull }: { readonly sources: readonly CopySource[]; readonly pull: Pull }) {
  const { form, errors, change, hasDialogs, hasRepositories } = pull;
  const platforms = useSourcePlatforms(sources);
  return (
    <>
      <SourcesSummary sources={sources} />
      {hasRepositories && <TagFilterFields form={form} errors={errors} onChange={change} />}
      <RadioGroup
        label="Format"
        value={form.format}
        // A browser saves files, not folders.
        options={FORMATS.filter(({ value }) => hasDialogs || value !== 'oci-layout')}
        onChange={(format) => {
          change({ format });
        }}
      />
      <Target pull={pull} />
      <PlatformChoice
        known={platforms}
        mayHaveMore={hasRepositories}
        chosen={form.platforms}
        onChange={(chosen) => {
          change({ platforms: chosen });
        }}
      />
      {form.format !== 'docker-tar' && (
        <Checkbox
          label="Referrers"
          hint="Signatures, SBOMs and attestations that refer to the images come along."
          checked={form.referrers}
          onChange={(referrers) => {
            change({ referrers });
          }}
        />
      )}
    </>
  );
}

/** Where it goes: a place chosen in the system's dialog, or the name under which the page downloads it. */
function Target({ pull }: { readonly pull: Pull }) {
  const { form, place, change, hasDialogs } = pull;
  if (!hasDialogs) {
    return (
      <TextField
        label="File name"
        name="fileName"
        value={form.fileName}
        maxLength={255}
        spellCheck={false}
        error={pull.nameProblem}
        hint="Gantry puts the file together first; then your browser can download it from Transfers."
        onChange={(fileName) => {
          change({ fileName });
        }}
      />
    );
  }
  return (
    <div className={css['target']}>
      <Button icon={FolderIcon} onClick={pull.choosePlace}>
        {place === undefined ? 'Choose where…' : 'Choose another place…'}
      </Button>
      {place !== undefined && <SafeText text={place.name} />}
      {pull.chooseError !== undefined && <ErrorState compact error={pull.chooseError} />}
    </div>
  );
}
