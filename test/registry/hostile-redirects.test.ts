import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { parseDigest } from '#shared/oci/digest.ts';
import { selfSigned } from '#test/support/certificates.ts';
import {
  type Engine,
  type EngineOptions,
  password,
  registryErrorOf,
  startEngine,
  TEST_NETWORK,
} from '#test/support/engine.ts';
import { json, type RecordedRequest, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasTools } from '#test/support/tools.ts';

const CONTENT = Buffer.from('layer bytes');
const DIGEST = parseDigest(`sha256:${createHash('sha256').update(CONTENT).digest('hex')}`);
const BLOB = `/v2/acme/web/blobs/${DIGEST}`;
const descriptor = { mediaType: 'x/y', digest: DIGEST, sizeBytes: CONTENT.length, annotations: [], urls: [] };
const bytes: Reply = { body: CONTENT };
const to = (location: string, status = 307): Reply => ({ status, headers: { location } });
const authorization = (request: RecordedRequest) => request.headers['authorization'];

const engineAt = (host: string, options: EngineOptions = {}): Engine =>
  startEngine(host, {
    credential: password('alice', 'canary-s3cret'),
    ...options,
    transport: { ...TEST_NETWORK, ...options.transport },
  });
const getBlob = (engine: Engine) => engine.client.getBlob({ repository: 'acme/web', descriptor });

/** A registry that wants Basic and then answers the blob as told; other paths go to `other`. */
const basicRegistry = (blob: Reply, other: (request: RecordedRequest) => Reply | undefined = () => undefined) =>
  startFakeRegistry((request) => {
    if (request.path !== BLOB) return other(request);
    return authorization(request) === undefined
      ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
      : blob;
  });

describe('redirects', () => {
  it('takes a blob from a CDN without Authorization or Cookie there (R01)', async () => {
    await using cdn = await startFakeRegistry(() => bytes);
    await using registry = await basicRegistry({
      ...to(`http://cdn.public.test:${cdn.port}/b?sig=1`),
      headers: { location: `http://cdn.public.test:${cdn.port}/b?sig=1`, 'set-cookie': 'a=b' },
    });
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    expect(Buffer.from(await getBlob(engine))).toEqual(CONTENT);
    expect(cdn.received).not.toMatch(/authorization|cookie|canary/);
    expect(authorization(registry.requests[1]!)).toMatch(/^Basic /);
  });

  it('checks the digest of what the CDN sent (R01, B01)', async () => {
    await using cdn = await startFakeRegistry(() => ({ body: Buffer.from('LAYER BYTES') }));
    await using registry = await basicRegistry(to(`http://cdn.public.test:${cdn.port}/b`));
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    expect((await registryErrorOf(getBlob(engine))).failure).toMatchObject({
      kind: 'digest-mismatch',
      expected: DIGEST,
    });
  });

  it('drops Authorization on the same host at another port (R02)', async () => {
    await using other = await startFakeRegistry(() => bytes);
    await using registry = await basicRegistry(to(`http://registry.public.test:${other.port}/b`));
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    await getBlob(engine);
    expect(authorization(other.requests[0]!)).toBeUndefined();
  });

  it('keeps Authorization on exactly the same origin', async () => {
    await using registry = await basicRegistry(to('/moved'), () => bytes);
    await using engine = engineAt(registry.host);
    await getBlob(engine);
    expect(authorization(registry.requests[2]!)).toMatch(/^Basic /);
  });

  it('does not give Authorization back after a bounce (R09)', async () => {
    await using bouncer = await startFakeRegistry((request) =>
      to(`http://registry.public.test:${request.path.slice(1)}/back`),
    );
    await using registry = await basicRegistry(to('http://unused'), () => bytes);
    await using start = await basicRegistry(to(`http://b.public.test:${bouncer.port}/${registry.port}`));
    await using engine = engineAt(`registry.public.test:${start.port}`);
    await getBlob(engine);
    expect(registry.lines).toEqual(['GET /back']);
    expect(authorization(registry.requests[0]!)).toBeUndefined();
  });

  it('does not give Authorization back when it comes home to the very same origin (R09)', async () => {
    let home = '';
    await using bouncer = await startFakeRegistry(() => to(`${home}/back`));
    await using registry = await basicRegistry(to(`http://b.public.test:${bouncer.port}/x`), () => bytes);
    home = `http://registry.public.test:${registry.port}`;
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    await getBlob(engine);
    expect(registry.lines.at(-1)).toBe('GET /back');
    expect(authorization(registry.requests.at(-1)!)).toBeUndefined();
  });

  it.skipIf(!hasTools('openssl'))('refuses https to http before any request (R03)', async () => {
    await using plain = await startFakeRegistry(() => bytes);
    await using registry = await startFakeRegistry(() => to(`http://${plain.host}/b`), { tls: await selfSigned() });
    await using engine = engineAt(registry.host, { connection: { plainHttp: false, skipVerification: true } });
    const error = await registryErrorOf(getBlob(engine));
    expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'redirect' });
    expect(plain.connections).toBe(0);
  });

  it.skipIf(!hasTools('openssl'))('names a refused target without the password in it (R03, A09)', async () => {
    let location = '';
    const wanted: Reply = { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
    const handler = (request: RecordedRequest) => (authorization(request) === undefined ? wanted : to(location));
    await using registry = await startFakeRegistry(handler, { tls: await selfSigned() });
    await using engine = engineAt(registry.host, { connection: { plainHttp: false, skipVerification: true } });
    for (location of ['http://canary-s3cret.test/canary-s3cret', 'canary-s3cret:x']) {
      const { failure } = await registryErrorOf(getBlob(engine));
      expect(failure).toMatchObject({ kind: 'protocol', reason: 'redirect' });
      expect(JSON.stringify(failure)).not.toContain('canary');
    }
  });

  it.skipIf(!hasTools('openssl'))('verifies a redirect target though its registry is exempt (S03)', async () => {
    const tls = await selfSigned(['DNS:registry.public.test', 'DNS:cdn.public.test']);
    await using cdn = await startFakeRegistry(() => bytes, { tls });
    await using registry = await startFakeRegistry(() => to(`https://cdn.public.test:${cdn.port}/b`), { tls });
    await using engine = engineAt(`registry.public.test:${registry.port}`, {
      connection: { plainHttp: false, skipVerification: true },
    });
    const error = await registryErrorOf(getBlob(engine));
    expect(error.failure).toMatchObject({ kind: 'tls', host: `cdn.public.test:${cdn.port}` });
    expect(cdn.requests).toEqual([]);
  });

  it.each(['private', 'loopback', 'metadata'])(
    'refuses a name at a %s address from a public registry (R04)',
    async (zone) => {
      await using inside = await startFakeRegistry(() => bytes);
      await using registry = await basicRegistry(to(`http://cdn.${zone}.test:${inside.port}/b`));
      await using engine = engineAt(`registry.public.test:${registry.port}`);
      const error = await registryErrorOf(getBlob(engine));
      expect(error.failure).toMatchObject({
        kind: 'untrusted-host',
        registryHost: `registry.public.test:${registry.port}`,
      });
      expect(inside.connections).toBe(0);
    },
  );

  it.each(['169.254.169.254', '127.0.0.3', '[::1]', '10.0.0.1', '2130706435'])(
    'refuses the literal address %s from a public registry (R04)',
    async (address) => {
      await using registry = await basicRegistry(to(`http://${address}:1/b`));
      await using engine = engineAt(`registry.public.test:${registry.port}`);
      expect((await registryErrorOf(getBlob(engine))).kind).toBe('untrusted-host');
    },
  );

  it('lets a registry inside a network redirect to storage inside it', async () => {
    await using storage = await startFakeRegistry(() => bytes, { address: '127.0.0.2' });
    await using registry = await startFakeRegistry(() => to(`http://storage.private.test:${storage.port}/b`), {
      address: '127.0.0.2',
    });
    await using engine = startEngine(`registry.private.test:${registry.port}`, { transport: TEST_NETWORK });
    expect(Buffer.from(await getBlob(engine))).toEqual(CONTENT);
  });

  it('stops at five redirects (R05)', async () => {
    await using registry = await startFakeRegistry((request) => to(`${request.path}x`));
    await using engine = engineAt(registry.host);
    expect((await registryErrorOf(getBlob(engine))).failure).toMatchObject({ kind: 'protocol', reason: 'redirect' });
    expect(registry.requests).toHaveLength(6);
  });

  it.each([
    'file:///etc/passwd',
    'data:text/plain,x',
    'javascript:alert(1)',
    'http://user:pw@cdn.public.test/b',
    'http:\\\\cdn.public.test\\b',
    'http://cdn.public.test/a b',
    '',
  ])('refuses Location %j (R06)', async (location) => {
    await using registry = await startFakeRegistry(() => to(location));
    await using engine = engineAt(registry.host);
    expect((await registryErrorOf(getBlob(engine))).failure).toMatchObject({ kind: 'protocol', reason: 'redirect' });
    expect(registry.requests).toHaveLength(1);
  });

  it('refuses two Locations', async () => {
    await using registry = await startFakeRegistry(() => ({ status: 302, headers: { location: ['/a', '/b'] } }));
    await using engine = engineAt(registry.host);
    expect((await registryErrorOf(getBlob(engine))).failure).toMatchObject({ kind: 'protocol', reason: 'redirect' });
  });

  it('never answers the 401 of a redirect target with the credential (R08)', async () => {
    await using cdn = await startFakeRegistry(() => ({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="r"' },
    }));
    await using registry = await basicRegistry(to(`http://cdn.public.test:${cdn.port}/b`));
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    const error = await registryErrorOf(getBlob(engine));
    expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: false });
    expect(error.trace).toMatchObject({ hop: 'redirect', status: 401 });
    expect(cdn.received).not.toContain('authorization');
  });

  it('hides the query of a signed URL when it fails (R10)', async () => {
    await using cdn = await startFakeRegistry(() => json({ errors: [] }, {}, 503));
    await using registry = await basicRegistry(to(`http://cdn.public.test:${cdn.port}/b?X-Amz-Signature=canary`));
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    const error = await registryErrorOf(getBlob(engine));
    expect(error.trace?.url).toBe(`http://cdn.public.test:${cdn.port}/b?X-Amz-Signature=REDACTED`);
    expect(JSON.stringify([error.failure, error.trace, error.message, engine.log])).not.toContain('canary');
  });

  it('follows a redirect of HEAD without Authorization', async () => {
    await using cdn = await startFakeRegistry(() => ({
      headers: { 'content-type': 'a/b', 'docker-content-digest': DIGEST },
    }));
    await using registry = await startFakeRegistry(() => to(`http://cdn.public.test:${cdn.port}/m`));
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    const head = await engine.client.headManifest({ repository: 'acme/web', reference: 'v1' });
    expect(head.digest).toBe(DIGEST);
    expect(cdn.lines).toEqual(['HEAD /m']);
  });

  it('frees the place of every hop', async () => {
    await using cdn = await startFakeRegistry(() => bytes);
    await using registry = await startFakeRegistry(() => to(`http://cdn.public.test:${cdn.port}/b`));
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    await Promise.all(Array.from({ length: 30 }, () => getBlob(engine)));
    const stream = await engine.client.openBlob({ repository: 'acme/web', descriptor });
    await buffer(stream);
    await expect
      .poll(() => engine.transport.scheduler.load(`cdn.public.test:${cdn.port}`))
      .toEqual({ active: 0, waiting: 0 });
  });
});
