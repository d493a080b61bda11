import { digestOf } from './oci-builder.ts';
import type { Answer, Arrival, FakeSession, Step, UploadRegistry, UploadRegistryOptions } from './upload-registry.ts';

const idOf = (path: string): string => /\/blobs\/uploads\/([^?]+)/.exec(path)?.[1] ?? '';
const referenceOf = (path: string): string => /\/(?:blobs|manifests)\/([^/?]+)/.exec(path)?.[1] ?? '';
const lastOf = (session: FakeSession): string => `0-${Math.max(0, session.bytes.length - 1)}`;
const error = (status: number, code: string, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ errors: [{ code, message: code }] }),
});

function locationOf(id: string, session: FakeSession): string {
  // A state that would not survive being read and written again.
  return `/v2/acme/web/blobs/uploads/${id}?_state=${session.state}%2F+a==&x`;
}

/** Takes bytes into the session that a request is for. */
export function append({ sessions }: UploadRegistry, { path }: Arrival, bytes: Buffer): FakeSession | undefined {
  const session = sessions.get(idOf(path));
  if (session === undefined) return undefined;
  session.bytes = Buffer.concat([session.bytes, bytes]);
  session.state += 1;
  return session;
}

const BEHAVIOURS: Partial<Record<Step, (arrival: Arrival, registry: UploadRegistry) => Answer | Promise<Answer>>> = {
  start: (_arrival, registry) => start(registry),
  chunk: takeChunk,
  close,
  status: ({ path }, { sessions }) => {
    const session = sessions.get(idOf(path));
    if (session === undefined) return error(404, 'BLOB_UPLOAD_UNKNOWN');
    return { status: 204, headers: { location: locationOf(idOf(path), session), range: lastOf(session) } };
  },
  cancel: ({ path }, { sessions }) => ({ status: sessions.delete(idOf(path)) ? 204 : 404 }),
  'head-blob': serveBlob,
  'get-blob': serveBlob,
};

/** As a good registry answers. */
export async function behave(
  arrival: Arrival,
  registry: UploadRegistry,
  options: UploadRegistryOptions,
): Promise<Answer> {
  const { step, query } = arrival;
  if (step !== 'mount') {
    return (await BEHAVIOURS[step]?.(arrival, registry)) ?? behaveWithManifests(arrival, registry, options);
  }
  const digest = query.get('mount') ?? '';
  if (options.mountable?.has(`${query.get('from')}@${digest}`) !== true) return start(registry);
  return { status: 201, headers: { location: '/', 'docker-content-digest': digest } };
}

function start({ sessions, arrivals }: UploadRegistry): Answer {
  const id = `u${arrivals.length}`;
  const session = { bytes: Buffer.alloc(0), state: 0 };
  sessions.set(id, session);
  return { status: 202, headers: { location: locationOf(id, session), range: '0-0' } };
}

async function takeChunk(arrival: Arrival, registry: UploadRegistry): Promise<Answer> {
  const id = idOf(arrival.path);
  const session = registry.sessions.get(id);
  const bytes = await arrival.read();
  if (session === undefined) return error(404, 'BLOB_UPLOAD_UNKNOWN');
  const first = Number(/^(\d+)-/.exec(arrival.headers['content-range'] ?? '0-')?.[1]);
  if (first !== session.bytes.length) {
    return error(416, 'RANGE_INVALID', { location: locationOf(id, session), range: lastOf(session) });
  }
  append(registry, arrival, bytes);
  return { status: 202, headers: { location: locationOf(id, session), range: lastOf(session) } };
}

async function close(arrival: Arrival, registry: UploadRegistry): Promise<Answer> {
  const bytes = await arrival.read();
  const session = append(registry, arrival, bytes);
  if (session === undefined) return error(404, 'BLOB_UPLOAD_UNKNOWN');
  if (bytes.length < Number(arrival.headers['content-length'])) throw new Error('broken off');
  registry.sessions.delete(idOf(arrival.path));
  const digest = arrival.query.get('digest') ?? '';
  if (digestOf(session.bytes) !== digest) return error(400, 'DIGEST_INVALID');
  registry.blobs.set(digest, session.bytes);
  return { status: 201, headers: { location: '/', 'docker-content-digest': digest } };
}

function serveBlob({ headers, path }: Arrival, { blobs }: UploadRegistry): Answer {
  const blob = blobs.get(referenceOf(path));
  if (blob === undefined) return error(404, 'BLOB_UNKNOWN');
  const from = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
  if (from === undefined) return { status: 200, headers: { 'content-length': String(blob.length) }, body: blob };
  const range = `bytes ${from}-${blob.length - 1}/${blob.length}`;
  return { status: 206, headers: { 'content-range': range }, body: blob.subarray(Number(from)) };
}

async function behaveWithManifests(
  arrival: Arrival,
  { manifests }: UploadRegistry,
  { hasEtags = false }: UploadRegistryOptions,
): Promise<Answer> {
  const { step, path, headers } = arrival;
  if (path === '/v2/') return { status: 200, body: '{}' };
  if (step === 'other') return error(404, 'NOT_FOUND');
  const reference = referenceOf(path);
  const found = manifests.get(reference);
  const etagOf = (bytes: Buffer) => (hasEtags ? { etag: `"${digestOf(bytes)}"` } : {});
  if (step === 'put-manifest') {
    const bytes = await arrival.read();
    const condition = headers['if-match'];
    if (hasEtags && condition !== undefined && (found === undefined || etagOf(found.bytes).etag !== condition)) {
      return error(412, 'PRECONDITION_FAILED');
    }
    const digest = digestOf(bytes);
    for (const name of [reference, digest]) manifests.set(name, { bytes, mediaType: headers['content-type'] ?? '' });
    return { status: 201, headers: { location: '/', 'docker-content-digest': digest } };
  }
  if (found === undefined) return error(404, 'MANIFEST_UNKNOWN');
  const { bytes, mediaType } = found;
  const described = { 'content-type': mediaType, 'docker-content-digest': digestOf(bytes), ...etagOf(bytes) };
  return { status: 200, headers: { ...described, 'content-length': String(bytes.length) }, body: bytes };
}
