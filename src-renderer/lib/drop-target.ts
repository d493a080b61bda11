import { displayText } from '#shared/oci/display-text.ts';
import { pointText, type ComparePoint } from './compare-place.ts';
import type { CopySource } from './copy-sources.ts';
import { badgeText, judgeDrop, placeOfRow, type DropPlace, type DropVerdict } from './drop-place.ts';
import type { TreeRow } from './tree-rows.ts';

/** What is under way: what it gives when it is copied, and which image it is, when it is just one. */
export type Dragged = { readonly sources: readonly CopySource[]; readonly point?: ComparePoint | undefined };

/**
 * What is under the pointer. A place takes copies; an image is compared with, as is a side of the comparison. So one
 * image dropped on a place is copied, and dropped on an image compared with it.
 */
export type DropTarget =
  | DropPlace
  | { readonly kind: 'image'; readonly point: ComparePoint }
  | { readonly kind: 'side'; readonly side: 'left' | 'right' };

export type TargetVerdict =
  | DropVerdict
  | { readonly kind: 'compare'; readonly left: ComparePoint; readonly right: ComparePoint }
  | { readonly kind: 'put'; readonly side: 'left' | 'right'; readonly point: ComparePoint }
  /** An image beside itself. */
  | { readonly kind: 'itself' }
  /** A comparison takes one image. */
  | { readonly kind: 'not-one' };

/** The image that a drag is of, when it is of exactly one. */
export function pointOfSources(sources: readonly CopySource[]): ComparePoint | undefined {
  const [only] = sources;
  if (sources.length !== 1 || only?.kind !== 'image') return undefined;
  const { registryId, repository, reference } = only;
  return { registryId, repository, reference };
}

/** What an image means as a target: itself for one image; for anything else the repository that it lies in. */
export function targetOfImage(point: ComparePoint, dragged: Dragged | 'archives' | undefined): DropTarget {
  if (dragged !== undefined && dragged !== 'archives' && dragged.point !== undefined) return { kind: 'image', point };
  return { kind: 'repository', registryId: point.registryId, repository: point.repository };
}

/** What dropping on a row of the tree means. */
export function targetOfRow(row: TreeRow, dragged: Dragged | 'archives' | undefined): DropTarget | undefined {
  if (row.kind !== 'tag') return placeOfRow(row);
  const { registryId, repository, tag } = row;
  return targetOfImage({ registryId, repository, reference: tag }, dragged);
}

function isSamePoint(a: ComparePoint, b: ComparePoint): boolean {
  return (
    a.registryId === b.registryId &&
    a.repository === b.repository &&
    a.reference === b.reference &&
    a.platform === b.platform
  );
}

/** True for what takes copies. */
export function isPlace(target: DropTarget): target is DropPlace {
  return target.kind !== 'image' && target.kind !== 'side';
}

/** What dropping these things there would do. */
export function judgeTarget(
  { sources, point }: Dragged,
  target: DropTarget,
  hostOf: (registryId: string) => string,
): TargetVerdict {
  if (isPlace(target)) return judgeDrop(sources, target, hostOf);
  if (point === undefined) return { kind: 'not-one' };
  if (target.kind === 'side') return { kind: 'put', side: target.side, point };
  return isSamePoint(point, target.point) ? { kind: 'itself' } : { kind: 'compare', left: point, right: target.point };
}

/** Would anything come of a drop? */
export function isTaken({ kind }: TargetVerdict): boolean {
  return kind === 'copy' || kind === 'compare' || kind === 'put';
}

function fullText(point: ComparePoint): string {
  return point.platform === undefined ? pointText(point) : `${pointText(point)} (${point.platform})`;
}

/** What stands beside the pointer; plain text, hidden characters spelled out. */
export function targetBadgeText({ sources, point }: Dragged, verdict: TargetVerdict | undefined): string {
  switch (verdict?.kind) {
    case 'compare':
      return `compare with ${displayText(fullText(verdict.right))}`;
    case 'put':
      return `compare: ${displayText(fullText(verdict.point))} on the ${verdict.side}`;
    case 'itself':
      return `${displayText(point === undefined ? '' : fullText(point))} is this very image`;
    case 'not-one':
      return 'only one image at a time can be compared';
    case 'copy':
    case 'same-place':
    case undefined:
    default:
      return badgeText(sources, verdict);
  }
}
