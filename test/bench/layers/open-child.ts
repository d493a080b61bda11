import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import { createLayerStore } from '#main/core/layers/create-layer-store.ts';
import { startEngine, systemClock } from '../../support/engine.ts';
import type { BenchBlob } from './make-layers.ts';

/** What a process is started with, as JSON in a file. */
export type OpenJob = {
  readonly host: string;
  readonly folder: string;
  readonly blob: BenchBlob;
  /** Also waits for the seek index, and reads a file from the kept blob and from the registry. */
  readonly readsFile: boolean;
};

export type OpenResult = {
  readonly openMs: number;
  readonly againMs: number;
  readonly entryCount: number;
  readonly origin: string;
  readonly requests: number;
  readonly growthMiB: number;
  readonly fileRequests: number;
  readonly fileRangeMiB: number;
};

// Run as a process of its own: memory is measured, and nothing before may have warmed anything up.

const MIB = 1024 * 1024;
const job = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as OpenJob;
const { digest, sizeBytes, annotations } = job.blob;
const descriptor: Descriptor = {
  mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
  digest: parseDigest(digest),
  sizeBytes,
  annotations: annotations.map(([name, value]) => [name, value]),
  urls: [],
};
/** Of this program: `maxRSS` remembers what the process was before it became this one. */
function peakMiB(): number {
  const peak = /VmHWM:\s+(\d+) kB/.exec(
    existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '',
  )?.[1];
  return Number(peak ?? process.resourceUsage().maxRSS) / 1024;
}

const engine = startEngine(job.host);
const ranges: number[] = [];
const client: Pick<typeof engine.client, 'openBlob' | 'openBlobAt'> = {
  openBlob: (call) => {
    ranges.push(sizeBytes);
    return engine.client.openBlob(call);
  },
  openBlobAt: (call) => {
    ranges.push((call.endByte ?? sizeBytes) - call.startByte);
    return engine.client.openBlobAt(call);
  },
};
const openStore = () =>
  createLayerStore({
    folder: job.folder,
    limitBytes: 16 * 1024 * MIB,
    logger: { log: () => undefined },
    clock: systemClock,
  });
await engine.client.ping();

const store = openStore();
const call = { client, repository: 'acme/layers', descriptor };
const before = process.memoryUsage().rss;
const started = performance.now();
const layer = await store.open(call);
const openMs = performance.now() - started;
const growthMiB = peakMiB() - before / MIB;
const requests = ranges.length;

let file = { requests: 0, rangeMiB: 0 };
if (job.readsFile) {
  await store.settled();
  for (const name of readdirSync(job.folder)) if (name.endsWith('.blob')) rmSync(join(job.folder, name));
  const [row] = layer.list('usr/lib/node_modules/pkg800/lib/src', { start: 3, count: 1 })?.rows ?? [];
  ranges.length = 0;
  const { stream, verification } = await layer.readFile(row?.entry?.order ?? -1);
  const content = await buffer(stream);
  if (verification !== 'verified' || content.length !== row?.entry?.sizeBytes) throw new Error('not the file');
  file = { requests: ranges.length, rangeMiB: ranges.reduce((sum, each) => sum + each, 0) / MIB };
}
await store.close();

const again = openStore();
await again.stats();
const reopened = performance.now();
const second = await again.open(call);
const rows = second.list('usr/lib/node_modules', { start: 0, count: 1000 })?.rows ?? [];
const againMs = performance.now() - reopened;
if (rows.length < 1000) throw new Error('not the folder');
await again.close();
await engine[Symbol.asyncDispose]();

const result: OpenResult = {
  openMs,
  againMs,
  entryCount: layer.entryCount,
  origin: layer.origin,
  requests,
  growthMiB,
  fileRequests: file.requests,
  fileRangeMiB: file.rangeMiB,
};
console.log(JSON.stringify(result));
