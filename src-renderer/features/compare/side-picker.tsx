import { useId, useState, type FormEvent } from 'react';
import type { ComparePoint } from '../../lib/compare-place.ts';
import { destinationOf } from '../../lib/go-to-reference.ts';
import { parsePath } from '../../lib/paths.ts';
import { useRegistries } from '../../queries/registries.ts';
import { useTagNames } from '../../queries/tags.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import css from './compare.module.css';

export type SidePickerProps = {
  readonly side: 'left' | 'right';
  /** Where to look first: a bare tag is one of this repository. */
  readonly near: ComparePoint | undefined;
  readonly onChoose: (point: ComparePoint) => void;
  readonly onCancel?: (() => void) | undefined;
};

/** A typed text as a side: a tag or digest of the repository nearby, or a whole reference of a known registry. */
function readPoint(
  text: string,
  near: ComparePoint | undefined,
  registries: readonly { readonly id: string; readonly host: string }[],
): ComparePoint | string {
  const typed = text.trim();
  if (near !== undefined && /^(?:[\w][\w.-]{0,127}|sha(?:256|512):[0-9a-f]+)$/.test(typed)) {
    return { registryId: near.registryId, repository: near.repository, reference: typed };
  }
  const destination = destinationOf(typed, registries);
  if (destination.kind === 'malformed') return destination.message;
  if (destination.kind === 'unknown-registry') return `${destination.host} is not in your list of registries yet.`;
  const place = parsePath(destination.path);
  if (place.kind === 'image') {
    return { registryId: place.registryId, repository: place.repository, reference: place.reference };
  }
  return 'Add a tag or digest to the reference, such as :latest.';
}

/** Takes a tag of the same repository, or any reference. */
export function SidePicker({ side, near, onChoose, onCancel }: SidePickerProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const listId = useId();
  const registries = useRegistries().data ?? [];
  const tags = useTagNames(near);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const point = readPoint(text, near, registries);
    if (typeof point === 'string') setError(point);
    else onChoose(point);
  };
  return (
    <form className={css['picker']} onSubmit={submit}>
      <TextField
        mono
        label={side === 'left' ? 'Left image' : 'Right image'}
        value={text}
        list={listId}
        placeholder={near === undefined ? 'ghcr.io/owner/app:1.0' : `tag of ${near.repository}, or a reference`}
        error={error}
        spellCheck={false}
        autoComplete="off"
        onChange={(next) => {
          setText(next);
          setError(undefined);
        }}
      />
      <datalist id={listId}>
        {tags.slice(0, 500).map((tag) => (
          <option key={tag} value={tag}>
            {tag}
          </option>
        ))}
      </datalist>
      <span className={css['sideFoot']}>
        <Button type="submit" variant="primary" size="sm">
          Compare
        </Button>
        {onCancel !== undefined && (
          <Button size="sm" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </span>
    </form>
  );
}
