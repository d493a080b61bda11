import type { CopyErrors, TagFilterForm } from '../../lib/copy-form.ts';
import { TextField } from '../../ui/text-field.tsx';
import css from './copy.module.css';

export type TagFilterFieldsProps = {
  readonly form: TagFilterForm;
  readonly errors: CopyErrors;
  readonly onChange: (change: Partial<TagFilterForm>) => void;
};

const FIELD = { mono: true, spellCheck: false, autoComplete: 'off', autoCapitalize: 'off', maxLength: 2000 } as const;

/** Which tags of the repositories. Nothing typed: all. */
export function TagFilterFields({ form, errors, onChange }: TagFilterFieldsProps) {
  return (
    <fieldset className={css['group']}>
      <legend className={css['legend']}>Which tags</legend>
      <div className={css['thirds']}>
        <TextField
          {...FIELD}
          label="Only"
          placeholder="1.* latest"
          hint="Patterns with * and ?, apart by spaces"
          value={form.include}
          error={errors.include}
          onChange={(include) => {
            onChange({ include });
          }}
        />
        <TextField
          {...FIELD}
          label="But not"
          placeholder="*-rc* sha-*"
          hint="Wins over what is only"
          value={form.exclude}
          error={errors.exclude}
          onChange={(exclude) => {
            onChange({ exclude });
          }}
        />
        <TextField
          {...FIELD}
          label="Versions"
          placeholder="^1.27"
          hint="A semver range; tags that are no version stay out"
          value={form.semver}
          error={errors.semver}
          onChange={(semver) => {
            onChange({ semver });
          }}
        />
      </div>
    </fieldset>
  );
}
