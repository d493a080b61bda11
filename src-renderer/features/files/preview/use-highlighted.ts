import { useEffect, useMemo, useState } from 'react';
import { codeRows, type CodeRow, type CodeToken } from '../../../lib/code-lines.ts';

/** Colours cost a few milliseconds for every 10,000 characters; a larger text is shown without. */
const MOST_CHARACTERS = 120_000;

/** A text as rows: plain at once, coloured when the highlighter is there. */
export function useHighlighted(text: string, language: string | undefined): readonly CodeRow[] {
  const [coloured, setColoured] = useState<{ readonly of: string; readonly tokens: readonly CodeToken[] }>();
  useEffect(() => {
    if (language === undefined || text.length > MOST_CHARACTERS) return undefined;
    let isWanted = true;
    void (async () => {
      const { highlight } = await import('../../../lib/highlight.ts');
      if (isWanted) setColoured({ of: text, tokens: highlight(text, language) });
    })();
    return () => {
      isWanted = false;
    };
  }, [text, language]);
  const tokens = coloured?.of === text ? coloured.tokens : undefined;
  return useMemo(() => codeRows(tokens ?? [{ text }]), [tokens, text]);
}
