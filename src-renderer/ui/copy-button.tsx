import { useEffect, useState } from 'react';
import { displayText } from '#shared/oci/display-text.ts';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';
import { IconButton } from './icon-button.tsx';
import { CheckIcon, CopyIcon } from './icons.ts';

export type CopyButtonProps = {
  /** Copied with control and bidi characters escaped, so that a paste cannot surprise (SECURITY-CASES). */
  readonly text: string;
  /** The text has been made safe by its owner, and is copied as it stands: a document keeps its lines. */
  readonly isSafe?: boolean;
  /** What is copied: `digest`, `pull command`. May hold registry text: it is escaped and cut. */
  readonly what: string;
  /** With a visible label instead of the bare icon. */
  readonly labelled?: boolean;
  readonly size?: 'md' | 'sm';
  readonly tabIndex?: number;
};

const SHOWN_MS = 1600;
const MAX_WHAT = 100;

export function CopyButton(props: CopyButtonProps) {
  const { text, isSafe = false, what: told, labelled = false, size = 'sm', tabIndex } = props;
  const what = displayText(told.slice(0, MAX_WHAT));
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => {
      setCopied(false);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  const copy = async () => {
    if (await copyText(text, what, { isSafe })) setCopied(true);
  };
  const icon = copied ? CheckIcon : CopyIcon;
  if (labelled) {
    return (
      <Button size={size} icon={icon} onClick={() => void copy()}>
        {copied ? 'Copied' : `Copy ${what}`}
      </Button>
    );
  }
  return (
    <IconButton
      size={size}
      icon={icon}
      label={copied ? 'Copied' : `Copy ${what}`}
      tabIndex={tabIndex}
      onClick={(event) => {
        event.stopPropagation();
        void copy();
      }}
    />
  );
}
