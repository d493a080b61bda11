import { TransferError } from '../transfer-error.ts';

/** What hangs on one image at most; a registry that offers more is refused (SECURITY-CASES M11, M12, F01). */
export type GraphBounds = {
  /** Levels of indexes; the root is level 0. */
  readonly depth: number;
  readonly manifests: number;
  readonly manifestBytes: number;
  readonly blobs: number;
};

export const DEFAULT_BOUNDS: GraphBounds = {
  depth: 8,
  manifests: 2000,
  manifestBytes: 64 * 1024 * 1024,
  blobs: 50_000,
};

/** Counts what one image is made of, over all its parts. */
export type GraphBudget = {
  readonly depth: number;
  /** @throws {TransferError} `too-many` */
  spend(what: { readonly manifests?: number; readonly manifestBytes?: number; readonly blobs?: number }): void;
};

export function createGraphBudget(bounds: GraphBounds): GraphBudget {
  let { manifests, manifestBytes, blobs } = bounds;
  return {
    depth: bounds.depth,
    spend: (what) => {
      manifests -= what.manifests ?? 0;
      manifestBytes -= what.manifestBytes ?? 0;
      blobs -= what.blobs ?? 0;
      if (manifests < 0) throw new TransferError('too-many', `more than ${bounds.manifests} manifests`);
      if (blobs < 0) throw new TransferError('too-many', `more than ${bounds.blobs} blobs`);
      if (manifestBytes < 0)
        throw new TransferError('too-many', `more than ${bounds.manifestBytes} bytes of manifests`);
    },
  };
}
