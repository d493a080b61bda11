import { describeSources, sourceReference, type CopySource } from '../lib/copy-sources.ts';
import { comparePath } from '../lib/compare-place.ts';
import { judgeDrop, type DropPlace } from '../lib/drop-place.ts';
import { isPlace, judgeTarget, targetBadgeText, type Dragged, type DropTarget } from '../lib/drop-target.ts';
import type { PickedArchive } from '../lib/transfer-draft.ts';
import { useDialogs } from './dialogs.ts';
import { useMoving } from './moving.ts';

type HostOf = (registryId: string) => string;

/** The Local registry is the shelf: what is copied there can be looked at without a network. */
const LOCAL: DropPlace = { kind: 'registry', registryId: 'local' };

/** Asks where to copy these. */
export function copyTo(sources: readonly CopySource[]): void {
  useDialogs.getState().show({ kind: 'transfer', draft: { kind: 'copy', sources } });
}

/** Copies these to a place that is known already: the plan is the first thing to see. */
export function copyToPlace(sources: readonly CopySource[], place: DropPlace): void {
  useDialogs.getState().show({ kind: 'transfer', draft: { kind: 'copy', sources, place, atPlan: true } });
}

export function saveToFile(sources: readonly CopySource[]): void {
  useDialogs.getState().show({ kind: 'transfer', draft: { kind: 'pull', sources } });
}

export function keepOffline(sources: readonly CopySource[]): void {
  copyToPlace(sources, LOCAL);
}

/** What is in the Local registry is on the shelf already. */
export function isShelf(registryId: string): boolean {
  return registryId === LOCAL.registryId;
}

export function pushArchives(archives: readonly PickedArchive[], place?: DropPlace): void {
  useDialogs.getState().show({ kind: 'transfer', draft: { kind: 'push', archives, place } });
}

/** The same for what is dropped: folders take a moment to be read. */
export async function pushDropped(reading: Promise<readonly PickedArchive[]>, place?: DropPlace): Promise<void> {
  pushArchives(await reading, place);
}

/**
 * Puts what was dropped on a place into a wizard; answers with why not, where a drop would do nothing.
 * The sentence may hold registry text.
 */
export function dropOn(sources: readonly CopySource[], place: DropPlace, hostOf: HostOf): string | undefined {
  if (sources.length === 0) return undefined;
  if (judgeDrop(sources, place, hostOf).kind === 'same-place') return `${describeSources(sources)} is here already`;
  copyToPlace(sources, place);
  return undefined;
}

/** What a drop comes to, where it is no wizard: a page to go to, or a sentence that says why nothing happens. */
export type Dropped = { readonly path?: string; readonly refusal?: string };

/** Does what a drop means: copies to a place, compares with an image. The sentence may hold registry text. */
export function dropOnTarget(dragged: Dragged, target: DropTarget, hostOf: HostOf): Dropped {
  if (isPlace(target)) {
    const refusal = dropOn(dragged.sources, target, hostOf);
    return refusal === undefined ? {} : { refusal };
  }
  const verdict = judgeTarget(dragged, target, hostOf);
  if (verdict.kind === 'compare') return { path: comparePath({ left: verdict.left, right: verdict.right }) };
  return { refusal: targetBadgeText(dragged, verdict) };
}

/** Marks these for a paste, and gives their references as text for the clipboard, a line each. */
export function markToCopy(sources: readonly CopySource[], hostOf: HostOf): string {
  useMoving.getState().mark(sources);
  return sources.map((source) => sourceReference(source, hostOf(source.registryId))).join('\n');
}

/** What Ctrl+V does on a place; answers with why nothing happened. */
export function pasteOn(place: DropPlace, hostOf: HostOf): string | undefined {
  const { marked } = useMoving.getState();
  if (marked.length === 0) return 'Nothing is marked to copy. Mark images or repositories with Ctrl C first';
  return dropOn(marked, place, hostOf);
}
