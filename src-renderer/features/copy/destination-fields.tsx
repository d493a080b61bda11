import { useId } from 'react';
import type { CopyErrors, DestinationForm } from '../../lib/copy-form.ts';
import { useRegistries } from '../../queries/registries.ts';
import { seenRepositories } from '../../queries/seen-repositories.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import css from './copy.module.css';

export type DestinationFieldsProps = {
  readonly form: DestinationForm;
  readonly errors: CopyErrors;
  readonly onChange: (change: Partial<DestinationForm>) => void;
};

const NAMES_OFFERED = 200;

/** Registry, repository and tag, the last two as patterns. */
export function DestinationFields({ form, errors, onChange }: DestinationFieldsProps) {
  const listId = useId();
  const registries = useRegistries().data ?? [];
  const names = seenRepositories()
    .filter(({ registryId }) => registryId === form.registryId)
    .map(({ repository }) => repository)
    .slice(0, NAMES_OFFERED);
  return (
    <div className={css['destination']}>
      <SelectField
        label="Registry"
        name="registryId"
        value={form.registryId}
        options={registries.map(({ id, label }) => ({ value: id, label: displayText(label) }))}
        error={errors.registryId}
        onChange={(registryId) => {
          onChange({ registryId });
        }}
      />
      <TextField
        label="Repository"
        name="repository"
        mono
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        list={listId}
        maxLength={512}
        value={form.repository}
        error={errors.repository}
        hint="{repository} is the source’s, {name} its last part, {registry} its host"
        onChange={(repository) => {
          onChange({ repository });
        }}
      />
      <TextField
        label="Tag"
        name="tag"
        mono
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        maxLength={256}
        value={form.tag}
        error={errors.tag}
        hint="{tag} is the source’s. Empty: by digest only"
        onChange={(tag) => {
          onChange({ tag });
        }}
      />
      <datalist id={listId}>
        {names.map((name) => (
          <option key={name} value={name}>
            {displayText(name)}
          </option>
        ))}
      </datalist>
    </div>
  );
}
