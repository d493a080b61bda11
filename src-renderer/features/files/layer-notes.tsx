import type { OpenedFiles, OpenedLayer } from '#shared/api/files.ts';
import { Banner } from '../../ui/banner.tsx';
import css from './files.module.css';

const INCOMPLETE: Readonly<Record<NonNullable<OpenedLayer['incompleteReason']>, string>> = {
  truncated: 'it breaks off',
  'bad-compression': 'its compression is damaged',
  'not-tar': 'it is no tar',
  'bad-tar': 'its tar is damaged',
  'ambiguous-tar': 'its tar can be read in two ways',
  'entry-limit': 'it has more than a million entries',
  'output-limit': 'it unpacks to more than Gantry reads',
  'ratio-limit': 'it unpacks to suspiciously much',
};

function layerNotes(layer: OpenedLayer): readonly string[] {
  const name = `Layer ${layer.index + 1}`;
  const parts = [
    !layer.isComplete && layer.incompleteReason !== undefined
      ? `${name} is listed in part: ${INCOMPLETE[layer.incompleteReason]}.`
      : undefined,
    layer.origin === 'foreign' ? `${name} lies outside the registry and was not read.` : undefined,
    layer.origin === 'published-index'
      ? `${name} is listed from its published index; the blob itself was not read and not verified.`
      : undefined,
    layer.diffId === 'mismatch' ? `${name} unpacks to other bytes than the config promises.` : undefined,
    layer.remarks.includes('trailing-garbage') ? `${name} has bytes behind its end.` : undefined,
    layer.remarks.includes('content-after-end')
      ? `${name} has entries behind its end mark, which are not shown.`
      : undefined,
  ];
  return parts.filter((part) => part !== undefined);
}

/** What is to be known before one believes the list. */
export function LayerNotes({ opened }: { readonly opened: OpenedFiles }) {
  const notes = opened.layers.flatMap(layerNotes);
  const [first] = opened.unplaced;
  if (first !== undefined) {
    const more = opened.unplaced.length;
    notes.push(
      `${more === 1 ? 'One entry leads' : `${more} entries lead`} out of the file system and stand in no list.`,
    );
  }
  if (notes.length === 0) return null;
  return (
    <div className={css['notes']}>
      <Banner tone="warning">
        {notes.slice(0, 3).map((note) => (
          <div key={note}>{note}</div>
        ))}
        {notes.length > 3 && <div>… and {notes.length - 3} more remarks on other layers.</div>}
      </Banner>
    </div>
  );
}
