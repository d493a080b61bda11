import type { OptionsForm } from '../../lib/copy-form.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import css from './copy.module.css';

export type OptionFieldsProps = {
  readonly form: OptionsForm;
  readonly onChange: (change: Partial<OptionsForm>) => void;
};

const FOREIGN = [
  { value: 'skip', label: 'Leave them out' },
  { value: 'include', label: 'Copy them too' },
] as const;

const CONFLICTS = [
  { value: 'ask', label: 'Ask for each' },
  { value: 'skip', label: 'Skip' },
  { value: 'overwrite', label: 'Overwrite' },
  { value: 'rename', label: 'Copy under another tag' },
] as const;

/** What comes along with the images. */
export function ContentOptions({ form, onChange }: OptionFieldsProps) {
  return (
    <div className={css['pair']}>
      <Checkbox
        label="Referrers"
        hint="Signatures, SBOMs and attestations that refer to the images come along."
        checked={form.referrers}
        onChange={(referrers) => {
          onChange({ referrers });
        }}
      />
      <SelectField
        label="Foreign layers"
        hint="Layers whose bytes lie at another address, as in old Windows images."
        value={form.foreignLayers}
        options={FOREIGN}
        onChange={(foreignLayers) => {
          onChange({ foreignLayers });
        }}
      />
    </div>
  );
}

/** What happens to tags that are at the destination already. */
export function ConflictOptions({ form, onChange }: OptionFieldsProps) {
  return (
    <div className={css['pair']}>
      <SelectField
        label="A tag that holds another digest"
        value={form.conflict}
        options={CONFLICTS}
        onChange={(conflict) => {
          onChange({ conflict });
        }}
      />
      <Checkbox
        label="Missing tags only"
        hint="Leaves out every tag that is there, whatever it holds."
        checked={form.missingOnly}
        onChange={(missingOnly) => {
          onChange({ missingOnly });
        }}
      />
    </div>
  );
}
