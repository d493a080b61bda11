import { digestOf } from '#main/core/local-registry/store/blobs.ts';
import { openStore } from '#main/core/local-registry/store/registry-store.ts';

// Run as a process of its own by kill.test.ts, which ends it with SIGKILL at any moment: pushes image after image.
const store = await openStore({ dir: process.argv[2] ?? '', clock: { now: Date.now } });
console.log('open');
for (let round = 0; ; round++) {
  const layer = Buffer.alloc(200_000 + round, `${process.pid} ${round}`);
  const { id } = await store.startUpload('app');
  const digest = digestOf(layer);
  await store.finishUpload(
    'app',
    id,
    digest,
    (async function* halves() {
      yield layer.subarray(0, 100_000);
      yield layer.subarray(100_000);
    })(),
  );
  const bytes = Buffer.from(JSON.stringify({ layers: [{ digest, size: layer.length }], round, pid: process.pid }));
  await store.putManifest('app', { bytes, digest: digestOf(bytes), mediaType: 'application/json' }, ['latest']);
}
