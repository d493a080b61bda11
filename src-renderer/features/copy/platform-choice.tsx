import { displayText } from '#shared/oci/display-text.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { TextField } from '../../ui/text-field.tsx';
import css from './copy.module.css';
import { isShortcut } from '../../lib/shortcuts.ts';

export type PlatformChoiceProps = {
  /** Known to be among the sources. */
  readonly known: readonly string[];
  /** There may be others: a repository is listed when the plan is made. */
  readonly mayHaveMore: boolean;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
};

function isPlatform(text: string): boolean {
  try {
    return parsePlatform(text).architecture !== '';
  } catch (error) {
    if (error instanceof OciError) return false;
    throw error;
  }
}

/** All platforms, or some of them: then the index is another one, and has another digest. */
export function PlatformChoice({ known, mayHaveMore, chosen, onChange }: PlatformChoiceProps) {
  const offered = [...new Set([...known, ...chosen])];
  // Of one platform there is nothing to choose.
  if (offered.length < 2 && !mayHaveMore) return null;
  const toggle = (platform: string) => {
    onChange(chosen.includes(platform) ? chosen.filter((each) => each !== platform) : [...chosen, platform]);
  };
  return (
    <fieldset className={css['group']}>
      <legend className={css['legend']}>Platforms</legend>
      <div className={css['chips']}>
        <Chip
          selected={chosen.length === 0}
          onClick={() => {
            onChange([]);
          }}
        >
          All
        </Chip>
        {offered.map((platform) => (
          <Chip
            key={platform}
            mono
            selected={chosen.includes(platform)}
            onClick={() => {
              toggle(platform);
            }}
          >
            {displayText(platform)}
          </Chip>
        ))}
      </div>
      {mayHaveMore && (
        <AddPlatform
          onAdd={(platform) => {
            if (!chosen.includes(platform)) onChange([...chosen, platform]);
          }}
        />
      )}
      {chosen.length > 0 && (
        <p className={css['hint']}>An index is cut to these and so gets another digest. The plan shows which.</p>
      )}
    </fieldset>
  );
}

/** One that is not known to be there: repositories are listed when the plan is made. */
function AddPlatform({ onAdd }: { readonly onAdd: (platform: string) => void }) {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  const add = () => {
    const platform = typed.trim();
    if (!isPlatform(platform)) {
      setError('Type a platform, such as linux/arm64');
      return;
    }
    onAdd(platform);
    setTyped('');
  };
  return (
    <div className={css['addPlatform']}>
      <TextField
        label="Another platform"
        mono
        placeholder="linux/arm64"
        spellCheck={false}
        autoComplete="off"
        maxLength={128}
        value={typed}
        error={error}
        onChange={(text) => {
          setTyped(text);
          setError(undefined);
        }}
        onKeyDown={(event) => {
          if (!isShortcut(event, 'add-typed')) return;
          event.preventDefault();
          add();
        }}
      />
      <Button onClick={add}>Add</Button>
    </div>
  );
}
