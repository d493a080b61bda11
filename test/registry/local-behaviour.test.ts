import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toNewManifest } from '#main/core/local-registry/http/check-manifest.ts';
import { digestOfBytes } from '#main/core/local-registry/image-builder/content.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { errorCode, type RawResponse, sendRaw } from '#test/support/raw-http.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type Case = {
  readonly id: string;
  readonly given: {
    readonly manifests?: readonly { repository: string; reference: string; body: string }[];
    readonly blobs?: readonly { repository: string; digest: string; body: string; damaged?: boolean }[];
    readonly uploads?: readonly { repository: string; session: string; body: string }[];
  };
  readonly request: { method: string; path: string; headers?: Record<string, string>; body?: string };
  readonly expect: { status: number; headers?: Record<string, string>; body?: string };
  readonly errorCode?: string;
  readonly note?: string;
};

/**
 * Where we answer otherwise than the source of the vectors, and why. The notes of the vectors allow each: the source is
 * looser than the specification, or than RFC 9110.
 */
const OURS: Readonly<Record<string, { readonly status: number; readonly code?: string; readonly why: string }>> = {
  'blob-get-range-unknown-unit': { status: 200, why: 'RFC 9110: an unknown range unit is ignored' },
  'blob-get-range-past-end': { status: 206, why: 'RFC 9110: the end is clipped to the last byte' },
  'manifest-put': { status: 400, code: 'MANIFEST_INVALID', why: 'the body is no manifest' },
  'upload-finish-with-body': { status: 404, code: 'BLOB_UPLOAD_UNKNOWN', why: 'the session was never opened' },
  'upload-stream': { status: 404, code: 'BLOB_UPLOAD_UNKNOWN', why: 'the session was never opened' },
  'chunk-first': { status: 404, code: 'BLOB_UPLOAD_UNKNOWN', why: 'the session was never opened' },
  'referrers-absent-repo': { status: 200, why: 'a 404 would say that there is no referrers API' },
  'referrers-post': { status: 405, code: 'UNSUPPORTED', why: '405 is what HTTP has for it' },
};

/** Codes where the specification has a better one than the source sends; the vectors do not check codes. */
const OUR_CODES: Readonly<Record<string, string>> = {
  'v2-unknown-path': 'UNSUPPORTED',
  'blob-get-malformed-digest': 'DIGEST_INVALID',
  'upload-single-post-malformed-digest': 'DIGEST_INVALID',
  'upload-finish-malformed-digest': 'DIGEST_INVALID',
  'chunk-range-not-numeric': 'BLOB_UPLOAD_INVALID',
  'chunk-overlaps': 'BLOB_UPLOAD_INVALID',
  'referrers-of-a-tag': 'DIGEST_INVALID',
};

/** Node's parser refuses methods it has never heard of before any of our code runs. */
const WITHOUT_BODY = new Set(['blob-unknown-method', 'manifest-unknown-method']);

describe.skipIf(!hasVectors)('registry behaviour, as the shared vectors state it', () => {
  let registry: TestRegistry;
  beforeEach(async () => {
    registry = await startTestRegistry();
  });
  afterEach(() => registry.stop());

  test.each(loadVectors<Case>('registry-behaviour'))('$id', async (vector) => {
    const sessions = await arrange(registry, vector.given);
    const inSession = (text: string) =>
      text.replace(/(uploads\/)(\w+)/, (_all, start: string, id: string) => start + (sessions.get(id) ?? id));
    const answer = await sendRaw(registry.address, { ...vector.request, path: inSession(vector.request.path) });
    expect(observe(answer, vector)).toEqual(expectation(vector, inSession));
  });
});

type Observed = { status: number; code?: string; headers?: Record<string, unknown>; body?: string };

/** What of an answer the case speaks of: status always, then our own code or the source's code, headers and body. */
function expectation(
  { id, request, expect: wanted, errorCode: code }: Case,
  inSession: (text: string) => string,
): Observed {
  const ours = OURS[id];
  if (ours !== undefined) return { status: ours.status, ...(ours.code !== undefined && { code: ours.code }) };
  if (WITHOUT_BODY.has(id)) return { status: wanted.status };
  const headers = Object.entries(wanted.headers ?? {}).map(([name, value]) => [name, inSession(value)]);
  return {
    status: wanted.status,
    headers: Object.fromEntries(headers) as Record<string, unknown>,
    ...(wanted.body !== undefined && { body: wanted.body }),
    ...(code !== undefined && request.method !== 'HEAD' && { code: OUR_CODES[id] ?? code }),
  };
}

function observe(answer: RawResponse, vector: Case): Observed {
  const wanted = expectation(vector, (text) => text);
  const headers = Object.keys(wanted.headers ?? {}).map((name) => [name, answer.headers[name.toLowerCase()]]);
  return {
    status: answer.status,
    ...(wanted.headers && { headers: Object.fromEntries(headers) as Record<string, unknown> }),
    ...(wanted.body !== undefined && { body: answer.body.toString() }),
    ...(wanted.code !== undefined && { code: errorCode(answer) ?? '' }),
  };
}

/** Puts the given state straight into the store, since much of it would be refused over HTTP. */
async function arrange({ store }: TestRegistry, given: Case['given']): Promise<Map<string, string>> {
  for (const { repository, reference, body } of given.manifests ?? []) {
    const bytes = Buffer.from(body);
    const [, subject] = /"subject": \{"digest": "([^"]+)"/.exec(body) ?? [];
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const parts = { mediaType, blobs: [], children: [], body: { layers: [], blobs: [], manifests: [] } };
    const checked = { ...parts, ...(subject !== undefined && { subject: parseDigest(subject) }) };
    await store.putManifest(repository, toNewManifest(bytes, digestOfBytes(bytes), checked), [reference]);
  }
  for (const { repository, digest, body, damaged } of given.blobs ?? []) {
    if (damaged === true) {
      const stored = parseDigest(digest);
      await store.putBlob(repository, Buffer.from('something whole'));
      await writeFile(store.layout.blob(stored), body);
      await writeFile(store.layout.blobLink(repository, stored), '');
    } else {
      await store.putBlob(repository, Buffer.from(body));
    }
  }
  const sessions = new Map<string, string>();
  for (const { repository, session, body } of given.uploads ?? []) {
    const { id } = await store.startUpload(repository);
    await store.appendUpload(repository, id, source(body));
    sessions.set(session, id);
  }
  return sessions;
}

async function* source(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
