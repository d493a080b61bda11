import { setImmediate } from 'node:timers/promises';
import { pushToStore } from '../image-builder/push-to-store.ts';
import { statRegular } from '../store/files.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { attested } from './attested.ts';
import { helloMultiarch } from './hello-multiarch.ts';
import { oddText } from './odd-text.ts';
import type { Sample } from './sample.ts';
import { manyTags, teamWebApi } from './services.ts';
import { artifact, dockerSchema2, missingHistory, nestedIndex, zstd } from './shapes.ts';
import { whiteouts } from './whiteouts.ts';

/** Every sample repository. Building one again gives the same digests. */
export const SAMPLES: readonly Sample[] = [
  helloMultiarch,
  attested,
  teamWebApi,
  nestedIndex,
  artifact,
  dockerSchema2,
  missingHistory,
  whiteouts,
  zstd,
  oddText,
  manyTags,
];

/**
 * Puts the samples into a store, once in its life: who deletes them does not get them back. After a kill half-way the
 * next start goes on, since the marker is written last; so it does after an abort, which takes effect between two
 * images and is no error.
 */
export async function seedSamples(store: RegistryStore, signal?: AbortSignal): Promise<void> {
  if ((await statRegular(store.layout.samplesMarker)) !== undefined) return;
  for (const sample of SAMPLES) {
    for (const { content, tags } of sample.build()) {
      await pushToStore(store, sample.repository, content, tags);
      if (signal?.aborted === true) return;
      // Compression blocks; whoever waits for the first screen goes in between.
      await setImmediate();
    }
  }
  await store.markSeeded();
}
