import type { LooseColumns } from '../column-file/loose-columns.ts';
import type { LayerLimits } from '../limits.ts';
import type { ScanResult } from './layer-scan.ts';

/** What the thread is started with. */
export type ScanJob = {
  readonly digest: string;
  readonly limits: LayerLimits;
  /** Where the blob is kept as it comes by; absent when it is not to be kept. */
  readonly blobPath?: string;
};

/** To the thread: the next bytes of the blob, `length` of them, or that there are no more. */
export type ToScan =
  | { readonly kind: 'bytes'; readonly buffer: ArrayBuffer; readonly length: number }
  | { readonly kind: 'end' };

/** From the thread: a buffer that it no longer needs, and in the end the index. */
export type FromScan =
  | {
      readonly kind: 'taken';
      readonly buffer: ArrayBuffer;
      readonly outputBytes: number;
      readonly entryCount: number;
    }
  | {
      readonly kind: 'done';
      readonly result: ScanResult;
      readonly index: LooseColumns;
      /** False when the blob was to be kept and could not be. */
      readonly isBlobKept: boolean;
    };
