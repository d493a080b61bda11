import type { RawDocument } from '#shared/api/manifests.ts';
import { useMemo, type RefObject } from 'react';
import { findInRows } from '../../lib/find-in-rows.ts';
import { decodeBase64, hexLines } from '../../lib/hex-lines.ts';
import { prettyJsonLines, sentLines, type JsonLine } from '../../lib/json-lines.ts';
import { wrapLines } from '../../lib/wrap-lines.ts';
import { useColumns } from './use-columns.ts';

/** Before the line number, and between it and the text. */
const GAP_COLUMNS = 2;

export type RawForm = 'pretty' | 'sent';

type Content = RawDocument['content'];

function plain(text: string): JsonLine {
  return [{ kind: 'string', text }];
}

function readLines(content: Content, form: RawForm): { readonly lines: readonly JsonLine[]; readonly isJson: boolean } {
  if (content.encoding === 'base64') {
    return { lines: hexLines(decodeBase64(content.base64)).map(plain), isJson: false };
  }
  const pretty = prettyJsonLines(content.text);
  if (pretty === undefined) return { lines: sentLines(content.text), isJson: false };
  return { lines: form === 'pretty' ? pretty : sentLines(content.text), isJson: true };
}

/** The document as rows that fit across `scrollRef`, and where `words` stand in it. */
export function useRawRows(content: Content, form: RawForm, scrollRef: RefObject<HTMLElement | null>, words: string) {
  const { lines, isJson } = useMemo(() => readLines(content, form), [content, form]);
  const numberColumns = String(lines.length).length;
  const columns = useColumns(scrollRef, numberColumns + GAP_COLUMNS);
  const rows = useMemo(() => wrapLines(lines, columns), [lines, columns]);
  const matches = useMemo(() => findInRows(rows, words), [rows, words]);
  return { lines, rows, isJson, matches, numberColumns };
}
