import { describeSources, type CopySource } from '../../lib/copy-sources.ts';
import { hostOf } from '../../queries/known-image.ts';
import { markToCopy } from '../../state/transfer-commands.ts';
import { copyReferences } from '../../ui/copy-references.ts';

/** Ctrl+C: marks these for a paste in the tree, and puts their references on the clipboard as text. */
export function markSources(sources: readonly CopySource[]): void {
  if (sources.length > 0) copyReferences(markToCopy(sources, hostOf), describeSources(sources));
}
