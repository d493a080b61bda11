import type { Digest } from '#shared/oci/digest.ts';
import type { WantedLayer } from './find-layers.ts';

/** How far the opening of one layer is. */
export type LayerProgress = {
  readonly index: number;
  readonly digest: Digest;
  readonly state: 'waiting' | 'reading' | 'ready' | 'foreign';
  readonly readBytes: number;
  readonly totalBytes: number;
  readonly entryCount: number;
};

export type OpenProgress = {
  readonly kind: 'progress';
  readonly readBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  readonly layers: LayerProgress[];
};

/** Too short a time to judge a speed by. */
const MIN_MS = 500;

/** Adds up the progress of all layers, and says how long the rest may take. */
export class OpenProgressSum {
  readonly #layers: LayerProgress[];
  readonly #now: () => number;
  readonly #startedAt: number;

  constructor(wanted: readonly WantedLayer[], now: () => number) {
    this.#now = now;
    this.#startedAt = now();
    this.#layers = wanted.map(({ descriptor, isForeign }, index) => ({
      index,
      digest: descriptor.digest,
      state: isForeign ? 'foreign' : 'waiting',
      readBytes: 0,
      totalBytes: isForeign ? 0 : descriptor.sizeBytes,
      entryCount: 0,
    }));
  }

  update(index: number, change: Partial<Pick<LayerProgress, 'state' | 'readBytes' | 'entryCount'>>): void {
    const layer = this.#layers[index];
    if (layer !== undefined) this.#layers[index] = { ...layer, ...change };
  }

  /** Nothing more of it is to be read, wherever it came from. */
  finish(index: number, entryCount: number): void {
    this.update(index, { state: 'ready', readBytes: this.#layers[index]?.totalBytes ?? 0, entryCount });
  }

  snapshot(): OpenProgress {
    const sum = (of: (layer: LayerProgress) => number): number =>
      this.#layers.reduce((total, layer) => total + of(layer), 0);
    const readBytes = sum((layer) => layer.readBytes);
    const totalBytes = sum((layer) => layer.totalBytes);
    const elapsedMs = this.#now() - this.#startedAt;
    const bytesPerSecond = elapsedMs < MIN_MS || readBytes === 0 ? undefined : (readBytes * 1000) / elapsedMs;
    return {
      kind: 'progress',
      readBytes,
      totalBytes,
      ...(bytesPerSecond === undefined
        ? {}
        : { bytesPerSecond, secondsLeft: Math.max(totalBytes - readBytes, 0) / bytesPerSecond }),
      layers: [...this.#layers],
    };
  }
}
