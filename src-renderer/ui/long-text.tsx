import { useState } from 'react';
import { formatCount } from '../lib/format-bytes.ts';
import { Button } from './button.tsx';
import { SafeText } from './safe-text.tsx';

export type LongTextProps = {
  readonly text: string;
  /** How many characters are shown at first. */
  readonly shown?: number;
};

/** More than most labels hold; the rest would push everything else out of sight. */
const SHOWN = 600;

/** Text from a registry that may be megabytes long: its beginning, and all of it when a person asks. */
export function LongText({ text, shown = SHOWN }: LongTextProps) {
  const [all, setAll] = useState(false);
  if (all || text.length <= shown) return <SafeText text={text} multiline whole />;
  return (
    <>
      <SafeText text={text.slice(0, shown)} multiline />…{' '}
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
