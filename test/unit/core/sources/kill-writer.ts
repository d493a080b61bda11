import { createArchiveDestination } from '#main/core/sources/create-archive-destination.ts';
import type { ArchiveFormat } from '#main/core/sources/archive.ts';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { killImage } from './kill-image.ts';

// Run as a process of its own by kill-write.test.ts, which ends it with SIGKILL at any moment.
const [path = '', format = 'oci-tar'] = process.argv.slice(2);
const { signal } = new AbortController();
const destination = createArchiveDestination({ format: format as ArchiveFormat, path, key: 'killed' });
const image = killImage();

async function* pieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.byteLength; at += 20_000) {
    yield Buffer.from(bytes.subarray(at, at + 20_000));
    await turn();
  }
}

console.log('open');
let done = 0;
await Promise.all(
  image.blobs.map(async ({ digest, bytes }) => {
    await destination.putBlob({
      descriptor: { digest, sizeBytes: bytes.byteLength, mediaType: '' },
      signal,
      open: async (startByte) => Readable.from(pieces(bytes.subarray(startByte))),
    });
    done += 1;
    console.log(`blob ${done}`);
  }),
);
for (const manifest of image.manifests) await destination.putManifest({ reference: manifest.digest, manifest, signal });
await destination.putManifest({ reference: 'acme/app:1', manifest: image.manifests.at(-1)!, signal });
console.log('manifests');
await destination.finish({ signal });
