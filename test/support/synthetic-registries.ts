import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';

const BLOCK = 1024 * 1024;
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';

/** A registry of one image that is made up as it is read, and one that takes everything and keeps nothing. */
export type SyntheticRegistries = {
  readonly source: string;
  readonly sink: string;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Both in a process of their own, whose memory is not ours. Hashing the layers beforehand takes a while. */
export async function startSynthetic(layers: number, layerMib: number): Promise<SyntheticRegistries> {
  const child: ChildProcess = spawn(process.execPath, [import.meta.filename, String(layers), String(layerMib)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout!, 'data');
  const [source = '', sink = ''] = String(line).trim().split(' ');
  return {
    source,
    sink,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Layers that differ in one number each, made of a block that is repeated. */
export type SyntheticImage = { readonly layers: number; readonly blocks: number; readonly blockBytes: number };

/** Bytes of blobs on their way from the one to the other, and how many came. */
export type SyntheticCounts = { given: number; taken: number; mostOnTheWay: number };

export type ServedRegistries = SyntheticRegistries & {
  readonly counts: Readonly<SyntheticCounts>;
  /** Digests of the blobs that were sent whole, in order. */
  readonly sent: readonly string[];
};

/** The same in this process, with its bytes counted; `sinkPauseMs` after each piece that the sink takes. */
export async function serveSynthetic(image: SyntheticImage, { sinkPauseMs = 0 } = {}): Promise<ServedRegistries> {
  const counts: SyntheticCounts = { given: 0, taken: 0, mostOnTheWay: 0 };
  const sent: string[] = [];
  const source = await serve(sourceOf(image, counts));
  const sink = await serve(createSink({ counts, sent, pauseMs: sinkPauseMs }));
  return {
    source: source.host,
    sink: sink.host,
    counts,
    sent,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([source.stop(), sink.stop()]);
    },
  };
}

type Answer = (message: IncomingMessage, response: ServerResponse) => void;

/** The same block again and again, with the layer's number in it. */
function blockOf(layer: number, bytes: number): Buffer {
  const block = Buffer.alloc(bytes, 0x5a);
  block.writeUInt32BE(layer);
  return block;
}

function digestOf(blocks: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const block of blocks) hash.update(block);
  return `sha256:${hash.digest('hex')}`;
}

function* repeat(block: Buffer, count: number, counts?: SyntheticCounts): Generator<Buffer> {
  for (let index = 0; index < count; index += 1) {
    if (counts !== undefined) {
      counts.given += block.length;
      counts.mostOnTheWay = Math.max(counts.mostOnTheWay, counts.given - counts.taken);
    }
    yield block;
  }
}

function sourceOf({ layers, blocks, blockBytes }: SyntheticImage, counts: SyntheticCounts): Answer {
  const config = Buffer.from('{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}');
  const size = blocks * blockBytes;
  const numbers = new Map(
    Array.from({ length: layers }, (_, layer) => [digestOf(repeat(blockOf(layer, blockBytes), blocks)), layer]),
  );
  const configDigest = digestOf([config]);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest: configDigest, size: config.length },
      layers: [...numbers.keys()].map((digest) => ({ mediaType: LAYER_TYPE, digest, size })),
    }),
  );
  const documents: ReadonlyMap<string, Kept> = new Map([
    [configDigest, { bytes: config, type: 'application/octet-stream' }],
    ['v1', { bytes: manifest, type: MEDIA_TYPE.ociManifest }],
    [digestOf([manifest]), { bytes: manifest, type: MEDIA_TYPE.ociManifest }],
  ]);
  return ({ method, url = '' }, response) => {
    const layer = numbers.get(nameOf(url));
    const document = documents.get(nameOf(url));
    if (layer !== undefined) {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
      const pieces = method === 'HEAD' ? [] : repeat(blockOf(layer, blockBytes), blocks, counts);
      Readable.from(pieces, { objectMode: false, highWaterMark: blockBytes }).pipe(response);
    } else if (document === undefined) response.writeHead(url === '/v2/' ? 200 : 404).end();
    else sendKept(response, document, method);
  };
}

function sendKept(response: ServerResponse, { bytes, type }: Kept, method: string | undefined): void {
  const headers = { 'content-type': type, 'docker-content-digest': digestOf([bytes]), 'content-length': bytes.length };
  response.writeHead(200, headers).end(method === 'HEAD' ? undefined : bytes);
}

type Kept = { readonly bytes: Buffer; readonly type: string };

type SinkOptions = {
  readonly counts: SyntheticCounts;
  readonly sent: string[];
  readonly pauseMs: number;
};

function createSink({ counts, sent, pauseMs }: SinkOptions): Answer {
  const manifests = new Map<string, Kept>();
  const blobs = new Set<string>();
  const write = (message: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const { pathname, searchParams } = new URL(message.url ?? '', 'http://sink');
    const digest = searchParams.get('digest');
    if (message.method === 'POST') response.writeHead(202, { location: `${pathname}1` }).end();
    else if (message.method === 'PATCH') response.writeHead(202, { location: pathname }).end();
    else if (digest !== null) {
      blobs.add(digest);
      sent.push(digest);
      response.writeHead(201, { 'docker-content-digest': digest }).end();
    } else {
      const kept = { bytes: body, type: message.headers['content-type'] ?? '' };
      for (const name of [nameOf(pathname), digestOf([body])]) manifests.set(name, kept);
      response.writeHead(201, { 'docker-content-digest': digestOf([body]) }).end();
    }
  };
  const read = ({ method, url = '' }: IncomingMessage, response: ServerResponse) => {
    const kept = manifests.get(nameOf(url));
    if (kept === undefined) {
      response.writeHead(url === '/v2/' || blobs.has(nameOf(url)) ? 200 : 404).end();
      return;
    }
    sendKept(response, kept, method);
  };
  return (message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => {
      if (message.url?.includes('/manifests/')) chunks.push(chunk);
      else counts.taken += chunk.length;
      if (pauseMs === 0) return;
      message.pause();
      setTimeout(() => message.resume(), pauseMs);
    });
    message.on('error', () => response.destroy());
    message.once('end', () => {
      if (message.method === 'GET' || message.method === 'HEAD') read(message, response);
      else write(message, response, Buffer.concat(chunks));
    });
  };
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? '';
}

async function serve(answer: Answer): Promise<{ readonly host: string; stop(): Promise<void> }> {
  const server = createServer({ requestTimeout: 0 }, answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const [, , layers, layerMib] = process.argv;
  const served = await serveSynthetic({ layers: Number(layers), blocks: Number(layerMib), blockBytes: BLOCK });
  console.log(`${served.source} ${served.sink}`);
}
