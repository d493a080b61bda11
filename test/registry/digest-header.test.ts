import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Digest } from '#shared/oci/digest.ts';
import { type Engine, startEngine } from '#test/support/engine.ts';
import { type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type Vector = {
  readonly id: string;
  readonly target: 'manifest' | 'blob';
  readonly method: 'GET' | 'HEAD';
  readonly requested: string | null;
  readonly header: string | null;
  readonly body: string | null | { readonly readError: true };
  readonly contentType?: string | null;
  readonly contentLength?: number | null;
  readonly expectedSize?: number;
  readonly expect: { readonly ok: boolean };
};

const NOT_JSON = 'a manifest that is no JSON object is refused before anything else (M18)';
const UNCHECKED_HEAD = 'a HEAD says what it says: a digest may be there without a type, a type without a length';
const PROVED = 'a body that hashes to the digest asked for proves itself, whatever the header says (M02)';
const HEADER_UNREAD = 'blobs are named by the digest asked for, and hashed: their header is not looked at';

/** Where we answer otherwise, each with the reason. Every one of them answers in a way that a test here also fixes. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ...['row1-manifest-get', 'row2-manifest-get', 'row3-manifest-get', 'row4-manifest-get', 'row5-manifest-get'].map(
    (id) => [id, NOT_JSON] as const,
  ),
  ['g-schema1-signed-get', NOT_JSON],
  ...['g-head-without-content-type', 'g-head-without-content-length'].map((id) => [id, UNCHECKED_HEAD] as const),
  ['og-manifest-fetch-wrong-header', PROVED],
  ...['og-manifest-complete', 'og-manifest-header-missing-body-hashed'].map((id) => [id, NOT_JSON] as const),
  ...['row6-blob-get', 'og-blob-fetch-wrong-header', 'og-blob-header-not-a-digest'].map(
    (id) => [id, HEADER_UNREAD] as const,
  ),
]);

const isGet = ({ method }: Vector): boolean => method === 'GET';
/** A case that says nothing of the body: one that hashes to what was asked for, when we know such a one. */
const BODIES: ReadonlyMap<string, string> = new Map([
  ['sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'test'],
]);

const vectors = loadVectors<Vector>('digest-header');
const asked = vectors.filter((vector) => vector.target === 'manifest' || isGet(vector));

function replyTo({ header, body, contentType, contentLength, requested }: Vector): Reply {
  const text = typeof body === 'string' ? body : (BODIES.get(requested ?? '') ?? '');
  const headers = {
    ...(contentType === null ? {} : { 'content-type': contentType ?? 'application/vnd.oci.image.manifest.v1+json' }),
    ...(header === null ? {} : { 'docker-content-digest': header }),
    ...(typeof contentLength === 'number' ? { 'content-length': String(contentLength) } : {}),
  };
  if (typeof body === 'object' && body !== null) {
    return { raw: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\nte') };
  }
  return { headers, body: text };
}

/** The digest we end up with, or nothing. */
async function digestBy(engine: Engine, vector: Vector): Promise<string | undefined> {
  const call = { repository: 'acme/web', reference: vector.requested ?? 'v1' };
  if (vector.target === 'manifest') {
    const got = isGet(vector) ? engine.client.getManifest(call) : engine.client.headManifest(call);
    return got.then(
      ({ digest }) => digest,
      () => undefined,
    );
  }
  const text = typeof vector.body === 'string' ? vector.body : (BODIES.get(vector.requested ?? '') ?? '');
  const sizeBytes = vector.expectedSize ?? (vector.contentLength === null ? -1 : (vector.contentLength ?? text.length));
  const descriptor = { mediaType: 'x/y', digest: vector.requested as Digest, sizeBytes, annotations: [], urls: [] };
  const stream = await engine.client.openBlob({ repository: call.repository, descriptor });
  return buffer(stream).then(
    () => descriptor.digest,
    () => undefined,
  );
}

describe.skipIf(!hasVectors)('Docker-Content-Digest on the shared vectors', () => {
  it.each(asked)('$id', async (vector) => {
    await using registry = await startFakeRegistry(() => replyTo(vector));
    // Some of them promise more than comes.
    await using engine = startEngine(registry.host, { transport: { timeouts: { idleBodyMs: 1000 } } });
    const digest = await digestBy(engine, vector).catch(() => undefined);
    const isAsExpected = (digest !== undefined) === vector.expect.ok;
    expect({ isAsExpected, differs: DIFFERENCES.has(vector.id) }).toEqual({ isAsExpected, differs: !isAsExpected });
  });

  it('leaves out nothing but HEAD of blobs, which nobody asks for before there are transfers', () => {
    const left = vectors.filter((vector) => !asked.includes(vector));
    expect(new Set(left.map(({ method, target }) => `${method} ${target}`))).toEqual(new Set(['HEAD blob']));
  });
});
