import { createReadStream, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import type { BenchBlob } from './make-layers.ts';

// Run as a process: a registry of an image with one layer, and of other blobs. It says its port on standard output.

const blobs = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BenchBlob[];
const [layer] = blobs;
const config = Buffer.from(
  JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [layer?.digest] } }),
);
const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
    layers: [
      { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: layer?.digest, size: layer?.sizeBytes },
    ],
  }),
);

function sendBlob(blob: BenchBlob, range: string | undefined, response: ServerResponse): void {
  const [isPart, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  const start = Number(first);
  const end = last === '' ? blob.sizeBytes - 1 : Number(last);
  const contentRange = { 'content-range': `bytes ${start}-${end}/${blob.sizeBytes}` };
  response.writeHead(isPart === undefined ? 200 : 206, {
    'content-length': end - start + 1,
    ...(isPart === undefined ? {} : contentRange),
  });
  createReadStream(blob.path, { start, end, highWaterMark: 1 << 20 })
    .on('error', () => response.destroy())
    .pipe(response);
}

const server = createServer((request, response) => {
  const path = request.url ?? '';
  const blob = blobs.find(({ digest }) => path.endsWith(`/blobs/${digest}`));
  if (blob !== undefined) {
    sendBlob(blob, request.headers.range, response);
  } else if (path.endsWith(`/blobs/${digestOf(config)}`)) {
    response.end(config);
  } else if (path.includes('/manifests/')) {
    response.writeHead(200, {
      'content-type': MANIFEST_TYPE,
      'content-length': manifest.length,
      'docker-content-digest': digestOf(manifest),
    });
    response.end(request.method === 'HEAD' ? undefined : manifest);
  } else {
    response.writeHead(path === '/v2/' ? 200 : 404);
    response.end('{}');
  }
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
