import type { FileSummary } from '#shared/api/file-preview.ts';
import { SafeText } from '../../../ui/safe-text.tsx';
import css from './preview.module.css';

const MOST_KEYS = 8;

function words(summary: FileSummary): string {
  switch (summary.kind) {
    case 'elf': {
      const how = summary.interpreter === undefined ? '' : `, run by ${summary.interpreter}`;
      return `${summary.bits}-bit ${summary.type} for ${summary.machine}, ${summary.byteOrder}-endian${how}`;
    }
    case 'json':
      if (summary.root !== 'object') return `JSON ${summary.root}`;
      return `JSON object with ${keysText(summary.keys)}`;
    case 'xml':
      return `XML document <${summary.rootElement}>${summary.doctype ? ', with a document type (not followed)' : ''}`;
    case 'script':
    default:
      return `Script for ${summary.interpreter}`;
  }
}

function keysText(keys: readonly string[]): string {
  if (keys.length === 0) return 'no keys';
  const shown = keys.slice(0, MOST_KEYS).join(', ');
  return keys.length > MOST_KEYS ? `${shown} and ${keys.length - MOST_KEYS} more` : shown;
}

/** What the first bytes say that the file is. */
export function Summary({ summary }: { readonly summary: FileSummary }) {
  return (
    <p className={css['summary']}>
      <SafeText text={words(summary)} />
    </p>
  );
}
