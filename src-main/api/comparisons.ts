import type { FilesTarget } from '#shared/api/file-rows.ts';
import { createMemo } from '../core/layers/browse/memo.ts';
import { type ComparedFiles, createComparedFiles } from '../core/layers/compare/compared-files.ts';
import { type CompareProgress, compareTrees } from '../core/layers/compare/compare-trees.ts';
import type { OpenedImage } from '../core/layers/opened/opened-image.ts';
import type { OpenImages } from '../core/layers/opened/open-images.ts';

const MERGED = { kind: 'merged', deleted: false } as const;
const KEPT = 2;

export type ComparedTargets = {
  readonly left: FilesTarget;
  readonly right: FilesTarget;
  readonly modifiedTimes: boolean;
};

/** The files of two opened images beside each other, compared once for all who ask. @throws {FilesError} `not-open` */
export type Comparisons = (
  targets: ComparedTargets,
  signal: AbortSignal | undefined,
  onProgress?: (progress: CompareProgress) => void,
) => Promise<ComparedFiles>;

/** The last comparisons, each as long as the images it is of are the ones that are open. */
export function createComparisons(openImages: Pick<OpenImages, 'get'>): Comparisons {
  const memo = createMemo<ComparedFiles, CompareProgress>(KEPT);
  const numbers = createNumbers();
  return (targets, signal, onProgress) => {
    const left = openImages.get(targets.left);
    const right = openImages.get(targets.right);
    const { modifiedTimes } = targets;
    const key = JSON.stringify([numbers(left), numbers(right), modifiedTimes]);
    const compare = async (signal: AbortSignal, onProgress: (progress: CompareProgress) => void) => {
      const views = [await left.files.viewOf(MERGED, signal), await right.files.viewOf(MERGED, signal)] as const;
      const comparison = await compareTrees(...views, { modifiedTimes, onProgress }, signal);
      return createComparedFiles(comparison, { left: views[0].sizeBelow(0), right: views[1].sizeBelow(0) });
    };
    return memo.get(key, compare, signal, onProgress);
  };
}

/** A number for each image that was opened: one that is opened again is another. */
function createNumbers(): (image: OpenedImage) => number {
  const numbers = new WeakMap<OpenedImage, number>();
  let last = 0;
  return (image) => {
    const number = numbers.get(image) ?? (last += 1);
    numbers.set(image, number);
    return number;
  };
}
