import { pushToStore } from '../image-builder/push-to-store.ts';
import { statRegular } from '../../files.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { buildInWorker } from './build-in-worker.ts';

/**
 * Puts the samples into a store, once in its life: who deletes them does not get them back. After a kill half-way the
 * next start goes on, since the marker is written last; so it does after an abort, which is no error.
 */
export async function seedSamples(store: RegistryStore, signal?: AbortSignal): Promise<void> {
  if ((await statRegular(store.layout.samplesMarker)) !== undefined) return;
  for await (const { repository, content, tags } of buildInWorker(signal)) {
    await pushToStore(store, repository, content, tags);
  }
  if (signal?.aborted !== true) await store.markSeeded();
}
