import type { ImageComparison } from '#shared/api/compare.ts';
import type { ReactNode } from 'react';
import type { Targets } from '../../queries/compare.ts';
import { useReadLayers } from '../../queries/use-read-layers.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { LayerReading } from '../../ui/layer-reading.tsx';

export type OpenBothProps = {
  readonly targets: Targets;
  readonly comparison: ImageComparison;
  /** Shown when the layers of both are read. */
  readonly children: ReactNode;
};

/** Reads the layers of both sides first, one side after the other: layers that both have are then read once. */
export function OpenBoth({ targets, comparison, children }: OpenBothProps) {
  const left = useReadLayers(targets.left, comparison.sharedBytes + comparison.leftOnlyBytes);
  const right = useReadLayers(targets.right, comparison.rightOnlyBytes, left.opened !== undefined);
  const leftActions = useErrorActions(targets.left.registryId, left.read);
  const rightActions = useErrorActions(targets.right.registryId, right.read);
  if (left.opened === undefined) {
    return (
      <LayerReading
        reading={left}
        actions={leftActions}
        why="Files are compared once the layers of both images are read; first the left one."
      />
    );
  }
  if (right.opened === undefined) {
    return (
      <LayerReading
        reading={right}
        actions={rightActions}
        why="The left image is read. What only the right one has is still to be read."
      />
    );
  }
  return children;
}
