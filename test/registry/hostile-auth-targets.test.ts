import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseDigest } from '#shared/oci/digest.ts';
import { challenge, ENCODED, engineAt, expectNoSecret, SECRET, tokenFor } from '#test/support/bearer-registry.ts';
import { type Engine, registryErrorOf } from '#test/support/engine.ts';
import {
  type FakeRegistry,
  json,
  type RecordedRequest,
  type Reply,
  startFakeRegistry,
} from '#test/support/fake-registry.ts';

const CONTENT = Buffer.from('layer bytes');
const digest = parseDigest(`sha256:${createHash('sha256').update(CONTENT).digest('hex')}`);
const descriptor = { mediaType: 'x/y', digest, sizeBytes: CONTENT.length, annotations: [], urls: [] };
const getBlob = (engine: Engine) => engine.client.getBlob({ repository: 'acme/web', descriptor });

/** A registry that wants Basic and sends blobs elsewhere. */
const sendingTo = (location: string) =>
  startFakeRegistry((request) =>
    tokenFor(request) === undefined
      ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
      : { status: 307, headers: { location } },
  );

/** The target of a redirect, which wants a token of its own. */
const target = (refusal: (request: RecordedRequest) => Reply) =>
  startFakeRegistry((request) => {
    if (request.path.startsWith('/token')) return json({ token: 'canary-target' });
    return tokenFor(request) === 'Bearer canary-target' ? { body: CONTENT } : refusal(request);
  });

const tokenCalls = ({ requests }: FakeRegistry) => requests.filter(({ path }) => path.startsWith('/token'));

describe('the target of a redirect that answers 401', () => {
  it('is given an anonymous token by its own rules, and never the credential of the registry (R08)', async () => {
    await using cdn = await target(() =>
      challenge('/token', ',scope="repository:cache/acme/web:pull,push repository:other:delete cdn"'),
    );
    await using registry = await sendingTo(`http://cdn.public.test:${cdn.port}/b?sig=1`);
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    expect(Buffer.from(await getBlob(engine))).toEqual(CONTENT);
    expect(cdn.received).not.toContain('Basic');
    expect(cdn.received).not.toContain(SECRET);
    expect(cdn.received).not.toContain(ENCODED);
    expect(registry.received).not.toContain('canary-target');
    const [call] = tokenCalls(cdn);
    expect(tokenFor(call!)).toBeUndefined();
    expect(new URL(call!.path, 'http://x').searchParams.getAll('scope')).toEqual([
      'repository:cache/acme/web:pull',
      'cdn',
    ]);
    expectNoSecret(engine);
    expect(JSON.stringify(engine.log)).not.toContain('canary-target');
  });

  it('gets no second answer (R08, A12)', async () => {
    await using cdn = await startFakeRegistry((request) =>
      request.path.startsWith('/token') ? json({ token: 'canary-target' }) : challenge('/token'),
    );
    await using registry = await sendingTo(`http://cdn.public.test:${cdn.port}/b`);
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    const error = await registryErrorOf(getBlob(engine));
    expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: false });
    expect(error.trace).toMatchObject({ hop: 'redirect', status: 401 });
    expect(cdn.requests).toHaveLength(3);
    expectNoSecret(engine, error.failure, error.message);
  });

  it.each(['Basic realm="r"', 'Negotiate', 'Bearer', '"'])('gets none to %s (R08)', async (header) => {
    await using cdn = await startFakeRegistry(() => ({ status: 401, headers: { 'www-authenticate': header } }));
    await using registry = await sendingTo(`http://cdn.public.test:${cdn.port}/b`);
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    const error = await registryErrorOf(getBlob(engine));
    expect(error.trace).toMatchObject({ hop: 'redirect' });
    expect(cdn.requests).toHaveLength(1);
    expect(cdn.received).not.toContain('authorization');
  });

  it('cannot send us further inside than the registry lies (A04)', async () => {
    await using inside = await startFakeRegistry(() => json({ token: 'canary-target' }));
    await using cdn = await startFakeRegistry(() => challenge(`http://auth.metadata.test:${inside.port}/token`));
    await using registry = await sendingTo(`http://cdn.public.test:${cdn.port}/b`);
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    const error = await registryErrorOf(getBlob(engine));
    expect(error.failure).toMatchObject({ kind: 'untrusted-host', host: `auth.metadata.test:${inside.port}` });
    expect(inside.connections).toBe(0);
  });

  it('does not have its token sent on when it redirects (R09)', async () => {
    await using last = await startFakeRegistry(() => ({ body: CONTENT }));
    await using cdn = await startFakeRegistry((request) => {
      if (request.path.startsWith('/token')) return json({ token: 'canary-target' });
      if (tokenFor(request) === undefined) return challenge('/token');
      return { status: 307, headers: { location: `http://last.public.test:${last.port}/b` } };
    });
    await using registry = await sendingTo(`http://cdn.public.test:${cdn.port}/b`);
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    expect(Buffer.from(await getBlob(engine))).toEqual(CONTENT);
    expect(last.received).not.toContain('authorization');
  });

  it('cannot have the password by naming the registry itself as its realm (R08)', async () => {
    let port = 0;
    await using cdn = await startFakeRegistry(() => challenge(`http://registry.public.test:${port}/token`));
    await using registry = await startFakeRegistry((request) => {
      if (request.path.startsWith('/token')) return json({ token: 'canary-target' });
      return tokenFor(request) === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
        : { status: 307, headers: { location: `http://cdn.public.test:${cdn.port}/b` } };
    });
    port = registry.port;
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    await registryErrorOf(getBlob(engine));
    expect(tokenCalls(registry).map(tokenFor)).toEqual([undefined]);
    expect(cdn.received).not.toContain(ENCODED);
  });
});
