import { useState } from 'react';
import { formatCount } from '../lib/format-bytes.ts';
import { Button } from './button.tsx';
import { SafeText } from './safe-text.tsx';

export type LongTextProps = { readonly text: string };

/** More than most labels hold; the rest would push everything else out of sight. */
const SHOWN = 600;

/** Text from a registry that may be megabytes long: its beginning, and all of it when a person asks. */
export function LongText({ text }: LongTextProps) {
  const [all, setAll] = useState(false);
  if (all || text.length <= SHOWN) return <SafeText text={text} multiline whole />;
  return (
    <>
      <SafeText text={text.slice(0, SHOWN)} multiline />…{' '}
      <Button
        size="sm"
        onClick={() => {
          setAll(true);
        }}
      >
        Show all {formatCount(text.length)} characters
      </Button>
    </>
  );
}
