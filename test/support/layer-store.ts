import { createLayerStore, type LayerStore, type LayerStoreDeps } from '#main/core/layers/create-layer-store.ts';
import { systemClock } from './engine.ts';
import { recordingLogger } from './recording-logger.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type TestStore = LayerStore & {
  readonly folder: string;
  readonly logged: () => string;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A store in a folder of its own, or in one that was used before. */
export function openLayerStore(options: Partial<LayerStoreDeps> = {}): TestStore {
  const { folder = temporaryFolder() } = options;
  const logger = recordingLogger();
  const store = createLayerStore({ logger, clock: systemClock, limitBytes: 1 << 30, ...options, folder });
  return { ...store, folder, logged: () => logger.text(), [Symbol.asyncDispose]: () => store.close() };
}
