import { createServer, type TlsOptions } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TlsChoice } from '#main/core/registry/registry-client.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import { type Authority, type Certificate, certificateAuthority, selfSigned } from '#test/support/certificates.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { type Engine, registryErrorOf, startEngine, TEST_NETWORK } from '#test/support/engine.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasNginx } from '#test/support/nginx.ts';
import { startOpensslServer } from '#test/support/openssl-server.ts';
import { startFront } from '#test/support/nginx-registry.ts';
import { hasTools } from '#test/support/tools.ts';

const NAMES = ['IP:127.0.0.1', 'DNS:registry.public.test', 'DNS:cdn.public.test'];
const EMPTY_DIGEST = parseDigest('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');

const engineAt = (host: string, tls: TlsChoice, skipVerification = false): Engine =>
  startEngine(host, { connection: { plainHttp: false, skipVerification, tls }, transport: TEST_NETWORK });

const blobOf = (engine: Engine) =>
  engine.client.getBlob({
    repository: 'acme/web',
    descriptor: {
      mediaType: 'application/octet-stream',
      digest: EMPTY_DIGEST,
      sizeBytes: 2,
      annotations: [],
      urls: [],
    },
  });

describe.skipIf(!hasTools('openssl'))('TLS of one registry', () => {
  let authority: Authority;
  let server: Certificate;
  let client: Certificate;
  beforeAll(async () => {
    authority = await certificateAuthority();
    [server, client] = await Promise.all([
      authority.issue(NAMES),
      authority.issue(['DNS:alice'], { client: true, commonName: 'alice' }),
    ]);
  });
  const own = () => ({ caPem: authority.certificate });
  const identity = () => ({ certificatePem: client.certificate, keyPem: client.key });

  it('trusts the authority a person gave, on top of the others', async () => {
    await using registry = await startFakeRegistry(() => json({}), { tls: server });
    await using strict = engineAt(registry.host, {});
    expect((await registryErrorOf(strict.client.ping())).failure).toMatchObject({ kind: 'tls', reason: 'untrusted' });
    expect(registry.requests).toEqual([]);
    await using engine = engineAt(registry.host, own());
    await expect(engine.client.ping()).resolves.toBeUndefined();
  });

  it("trusts a server's own certificate given in place of an authority", async () => {
    await using registry = await startFakeRegistry(() => json({}), { tls: server });
    await using engine = engineAt(registry.host, { caPem: server.certificate });
    await expect(engine.client.ping()).resolves.toBeUndefined();
  });

  it('still refuses a name the certificate is not for', async () => {
    const tls = await authority.issue(['DNS:elsewhere.test']);
    await using registry = await startFakeRegistry(() => json({}), { tls });
    await using engine = engineAt(registry.host, own());
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({
      kind: 'tls',
      reason: 'wrong-host',
      certificates: [{ altNames: 'DNS:elsewhere.test' }, { subject: 'CN=gantry test authority' }],
    });
    expect(registry.requests).toEqual([]);
  });

  it('shows the certificates of a handshake it refused (S01)', async () => {
    await using registry = await startFakeRegistry(() => json({}), {
      tls: { key: server.key, certificate: `${server.certificate}\n${authority.certificate}` },
    });
    await using engine = engineAt(registry.host, {});
    const { failure } = await registryErrorOf(engine.client.ping());
    expect(failure).toMatchObject({
      kind: 'tls',
      reason: 'self-signed',
      certificates: [
        {
          subject: 'CN=gantry test',
          issuer: 'CN=gantry test authority',
          altNames: 'IP Address:127.0.0.1, DNS:registry.public.test, DNS:cdn.public.test',
          validFrom: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
          fingerprint: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
        },
        { subject: 'CN=gantry test authority', issuer: 'CN=gantry test authority' },
      ],
    });
    expect(registry.requests).toEqual([]);
  });

  it('trusts the same authority where the registry sends us to, without its exception (S03, S04)', async () => {
    const stranger = await selfSigned(NAMES);
    await using cdn = await startFakeRegistry(() => ({ body: '{}' }), { tls: server });
    await using bad = await startFakeRegistry(() => ({ body: '{}' }), { tls: stranger });
    let target = `https://cdn.public.test:${cdn.port}/blob`;
    await using registry = await startFakeRegistry(() => ({ status: 307, headers: { location: target } }), {
      tls: server,
    });
    await using engine = engineAt(`registry.public.test:${registry.port}`, own(), true);
    expect(Buffer.from(await blobOf(engine)).toString()).toBe('{}');
    target = `https://cdn.public.test:${bad.port}/blob`;
    expect((await registryErrorOf(blobOf(engine))).failure).toMatchObject({
      kind: 'tls',
      host: `cdn.public.test:${bad.port}`,
    });
    expect(bad.requests).toEqual([]);
  });

  it('offers the client certificate to the registry and to nobody it sends us to (S05)', async () => {
    const seen = { registry: [] as string[], cdn: [] as string[] };
    const ask: TlsOptions = { requestCert: true, rejectUnauthorized: false };
    await using cdn = await startTls(server, ask, (subject) => {
      seen.cdn.push(subject);
      return 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
    });
    await using registry = await startTls(server, ask, (subject) => {
      seen.registry.push(subject);
      return `HTTP/1.1 307 Moved\r\nlocation: https://cdn.public.test:${cdn.port}/blob\r\ncontent-length: 0\r\n\r\n`;
    });
    await using engine = engineAt(`registry.public.test:${registry.port}`, { ...own(), client: identity() });
    await blobOf(engine);
    expect(seen).toEqual({ registry: ['alice'], cdn: [''] });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('says that %s misses a client certificate (S05)', async (version) => {
    await using registry = await startOpensslServer(server, authority, version);
    await using engine = engineAt(registry.host, own());
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({
      kind: 'tls',
      reason: 'client-certificate',
      host: registry.host,
    });
  });

  it('refuses a server that knows nothing newer than TLS 1.0 (S05)', async () => {
    const old: TlsOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' };
    await using registry = await startTls(server, old, () => '');
    await using engine = engineAt(`127.0.0.1:${registry.port}`, own());
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({
      kind: 'tls',
      reason: 'protocol-version',
    });
  });

  describe.skipIf(!hasTools('docker-registry') || !hasNginx())('behind nginx that demands client certificates', () => {
    let registry: Awaited<ReturnType<typeof startDockerRegistry>>;
    beforeAll(async () => {
      registry = await startDockerRegistry();
    });
    afterAll(() => registry[Symbol.asyncDispose]());

    it('lets us in with one and says what is missing without', async () => {
      await using front = await startFront(registry.host, { tls: server, clientAuthority: authority.certificate });
      await using known = engineAt(front.host, { ...own(), client: identity() });
      await expect(known.client.ping()).resolves.toBeUndefined();
      await using unknown = engineAt(front.host, own());
      expect((await registryErrorOf(unknown.client.ping())).failure).toMatchObject({
        kind: 'tls',
        reason: 'client-certificate',
      });
    });
  });
});

type TlsServer = { readonly port: number; [Symbol.asyncDispose](): Promise<void> };

/** A TLS server that answers each request by the common name of the client's certificate. */
async function startTls(
  { key, certificate }: Certificate,
  options: TlsOptions,
  answer: (clientName: string) => string,
): Promise<TlsServer> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer({ key, cert: certificate, ...options }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const subject = socket.getPeerCertificate().subject as { readonly CN?: string } | undefined;
      socket.end(answer(subject?.CN ?? ''));
    });
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => void server.close(done));
    },
  };
}
