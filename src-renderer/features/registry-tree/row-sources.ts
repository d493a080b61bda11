import { displayText } from '#shared/oci/display-text.ts';
import { describeSources, type CopySource } from '../../lib/copy-sources.ts';
import { placeOfRow, sourcesOfRow } from '../../lib/drop-place.ts';
import type { TreeRow } from '../../lib/tree-rows.ts';
import { hostOf, loadedRepositories, withKnown } from '../../queries/known-image.ts';
import { markToCopy, pasteOn } from '../../state/transfer-commands.ts';
import { announce } from '../../ui/announcer.tsx';
import { copyReferences } from '../../ui/copy-references.ts';

const NONE = { names: [], isWhole: true };

/** What a row gives when it is dragged or copied: a tag, a repository, or all repositories loaded below a folder. */
export function rowSources(row: TreeRow): readonly CopySource[] {
  const loaded = row.kind === 'folder' ? loadedRepositories(row.registryId) : NONE;
  return sourcesOfRow(row, loaded).map(withKnown);
}

/** Ctrl+C: marks the row for a paste, and puts its reference on the clipboard as text. */
export function markRow(row: TreeRow): void {
  const sources = rowSources(row);
  if (sources.length === 0) return;
  copyReferences(markToCopy(sources, hostOf), describeSources(sources));
}

/** Ctrl+V: what is marked goes to the row's place. */
export function pasteOnRow(row: TreeRow): void {
  const place = placeOfRow(row);
  const refusal = place === undefined ? 'Nothing can be pasted here' : pasteOn(place, hostOf);
  if (refusal !== undefined) announce(displayText(refusal));
}
