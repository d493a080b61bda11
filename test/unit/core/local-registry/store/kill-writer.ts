import { digestOf } from '#main/core/content-digest.ts';
import type { NewManifest } from '#main/core/local-registry/store/manifests.ts';
import { openStore } from '#main/core/local-registry/store/registry-store.ts';

// Run as a process of its own by kill.test.ts, which ends it with SIGKILL at any moment. `push` pushes image after image
// to one tag; `manifests` pushes manifests with tags and a referrer, and deletes them again.
const [dir = '', work = 'push'] = process.argv.slice(2);
const store = await openStore({ dir, clock: { now: Date.now } });
const toManifest = (value: object): NewManifest => {
  const bytes = Buffer.from(JSON.stringify(value));
  return { bytes, digest: digestOf(bytes), mediaType: 'application/json' };
};

async function pushImage(round: number): Promise<void> {
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
  await store.putManifest('app', toManifest({ layers: [{ digest, size: layer.length }], round, pid: process.pid }), [
    'latest',
  ]);
}

async function pushAndDelete(round: number): Promise<void> {
  const subject = toManifest({ round, pid: process.pid });
  await store.putManifest('app', subject, ['a', 'b', `v${round % 5}`]);
  const referrer = toManifest({ subject: { digest: subject.digest } });
  const descriptor = { mediaType: referrer.mediaType, digest: referrer.digest, size: referrer.bytes.byteLength };
  await store.putManifest('app', { ...referrer, refersTo: { subject: subject.digest, descriptor } });
  if (round % 2 === 1) return;
  await store.deleteManifest('app', referrer.digest);
  await store.deleteManifest('app', subject.digest);
}

console.log('open');
for (let round = 0; ; round++) {
  await (work === 'push' ? pushImage(round) : pushAndDelete(round));
  console.log(`round ${round}`);
}
