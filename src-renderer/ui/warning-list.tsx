import type { Warning } from '#shared/api/common.ts';
import { useState } from 'react';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { LongText } from './long-text.tsx';
import css from './warning-list.module.css';

export type WarningListProps = { readonly warnings: readonly Warning[] };

/** A registry may send twenty with every page; more than these would push the content out of sight. */
const SHOWN = 3;
const SHOWN_CHARACTERS = 240;

/** What the registry or the engine wants a person to know of what is shown, each once and in the order it came. */
export function WarningList({ warnings }: WarningListProps) {
  const [all, setAll] = useState(false);
  const unique = [...new Map(warnings.map((warning) => [`${warning.source} ${warning.text}`, warning]))];
  if (unique.length === 0) return null;
  const left = unique.length - SHOWN;
  return (
    <div className={css['list']} role="group" aria-label="Warnings">
      {(all ? unique : unique.slice(0, SHOWN)).map(([key, { source, text }]) => (
        <Banner key={key} tone="warning">
          {source === 'registry' && 'The registry says: '}
          <LongText text={text} shown={SHOWN_CHARACTERS} />
        </Banner>
      ))}
      {left > 0 && (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            setAll(!all);
          }}
        >
          {all ? 'Show fewer warnings' : `Show ${left} more ${left === 1 ? 'warning' : 'warnings'}`}
        </Button>
      )}
    </div>
  );
}
