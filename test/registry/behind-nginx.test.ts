import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRateLimit } from '#main/core/registry/transport/rate-limit.ts';
import { certificateAuthority, type Authority, type Certificate } from '#test/support/certificates.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { password, registryErrorOf, startEngine, TEST_NETWORK } from '#test/support/engine.ts';
import { startForwardProxy } from '#test/support/forward-proxy.ts';
import { hasNginx, PASS_ON, startNginx } from '#test/support/nginx.ts';
import {
  startFront,
  startLimitedFront,
  startNamespacedFront,
  startPrefixedFront,
  startRedirectingFront,
  startSlowFront,
} from '#test/support/nginx-registry.ts';
import { buildImage, buildLayer } from '#test/support/oci-builder.ts';
import { toDescriptor } from '#test/support/oci-layout.ts';
import { pushImage } from '#test/support/push-image.ts';
import { hasTools } from '#test/support/tools.ts';

const ALICE = { username: 'alice', password: 'correct horse' };
const image = buildImage();
const config = toDescriptor(image.config.descriptor);
const v1 = { repository: 'library/web', reference: 'v1' };

describe.skipIf(!hasTools('docker-registry', 'openssl', 'htpasswd') || !hasNginx())(
  'docker-registry behind nginx',
  () => {
    let registry: DockerRegistry;
    let authority: Authority;
    beforeAll(async () => {
      authority = await certificateAuthority();
      registry = await startDockerRegistry({ auth: { kind: 'htpasswd', ...ALICE } });
      for (const name of ['library/api', 'library/web']) await pushImage(registry.host, name, image, ['v1'], ALICE);
    });
    afterAll(async () => {
      await registry[Symbol.asyncDispose]();
    });
    const overTls = (client?: Certificate) => ({
      plainHttp: false,
      tls: {
        caPem: authority.certificate,
        ...(client && { client: { certificatePem: client.certificate, keyPem: client.key } }),
      },
    });
    const alice = { credential: password(ALICE.username, ALICE.password) };

    it('is refused over TLS by an authority that nobody knows, before a byte of the password leaves', async () => {
      await using front = await startFront(registry.host, { tls: await authority.issue() });
      await using engine = startEngine(front.host, { ...alice, connection: { plainHttp: false } });
      expect((await registryErrorOf(engine.client.getManifest(v1))).failure).toMatchObject({ kind: 'tls' });
      expect(front.requests()).toEqual([]);
    });

    it('is let in over TLS by an authority of our own', async () => {
      await using front = await startFront(registry.host, { tls: await authority.issue() });
      await using engine = startEngine(front.host, { ...alice, connection: overTls() });
      expect((await engine.client.getManifest(v1)).digest).toBe(image.descriptor.digest);
    });

    it('asks for a client certificate, and takes ours', async () => {
      const clients = await certificateAuthority('clients');
      const client = await clients.issue([], { client: true, commonName: 'alice' });
      await using front = await startFront(registry.host, {
        tls: await authority.issue(),
        clientAuthority: clients.certificate,
      });
      await using engine = startEngine(front.host, { ...alice, connection: overTls(client) });
      expect((await engine.client.getManifest(v1)).digest).toBe(image.descriptor.digest);
      await expect.poll(() => front.requests().at(-1)?.client).toBe('CN=alice');
      await using without = startEngine(front.host, { ...alice, connection: overTls() });
      const error = await registryErrorOf(without.client.getManifest(v1));
      expect(['tls', 'registry']).toContain(error.kind);
      await expect.poll(() => front.requests().at(-1)).toMatchObject({ status: 400, authorization: '' });
    });

    it('gets the client key for itself alone: where it redirects to, no certificate is shown (S05)', async () => {
      const clients = await certificateAuthority('clients');
      const client = await clients.issue([], { client: true, commonName: 'alice' });
      const tls = await authority.issue(['IP:127.0.0.1', 'DNS:registry.public.test', 'DNS:cdn.public.test']);
      await using open = await startDockerRegistry();
      await pushImage(open.host, 'library/web', image, ['v1']);
      const asksForIt = 'ssl_verify_client optional_no_ca;';
      await using cdn = await startNginx([
        { tls, locations: () => `${asksForIt} location / { proxy_pass http://${open.host}; ${PASS_ON} }` },
      ]);
      const [port] = cdn.ports;
      await using front = await startNginx([
        {
          tls,
          clientAuthority: clients.certificate,
          locations: () => `location / { return 307 https://cdn.public.test:${port}$request_uri; }`,
        },
      ]);
      await using engine = startEngine(`registry.public.test:${front.ports[0]}`, {
        ...alice,
        connection: overTls(client),
        transport: TEST_NETWORK,
      });
      const blob = await engine.client.getBlob({ repository: 'library/web', descriptor: config });
      expect(Buffer.from(blob)).toEqual(Buffer.from(image.config.bytes));
      await expect.poll(() => cdn.requests()).toHaveLength(1);
      await expect.poll(() => front.requests().map((request) => request.client)).toEqual(['CN=alice']);
      expect(cdn.requests()[0]).toMatchObject({ client: '', authorization: '', status: 200 });
    });

    it('lies below a path of the mirror, which loses it in links', async () => {
      await using front = await startPrefixedFront(registry.host, '/mirror');
      await using engine = startEngine(front.host, { ...alice, pageSize: 1, connection: { apiPrefix: '/mirror' } });
      expect((await engine.client.getManifest(v1)).digest).toBe(image.descriptor.digest);
      const names: string[] = [];
      for (let cursor: string | undefined, page = 0; page < 2; page += 1) {
        const listed = await engine.client.listRepositories(cursor === undefined ? {} : { cursor });
        names.push(...listed.names);
        cursor = listed.nextCursor;
      }
      expect(names.toSorted()).toEqual(['library/api', 'library/web']);
      expect(front.requests().every(({ path }) => path.startsWith('/mirror/v2/'))).toBe(true);
    });

    it('serves repositories below a name of the mirror, which nobody has to type', async () => {
      await using front = await startNamespacedFront(registry.host, 'hub');
      await using engine = startEngine(front.host, { ...alice, connection: { repositoryPrefix: 'hub' } });
      expect((await engine.client.getManifest(v1)).digest).toBe(image.descriptor.digest);
      const blob = await engine.client.getBlob({ repository: 'library/web', descriptor: config });
      expect(Buffer.from(blob)).toEqual(Buffer.from(image.config.bytes));
      await expect.poll(() => front.requests().at(-1)?.path).toMatch(/^\/v2\/hub\/library\/web\//);
    });

    it('is reached through a proxy that wants a password and sees no other', async () => {
      const basic = { username: 'proxy', password: 'through' };
      await using proxy = await startForwardProxy({ basic });
      await using front = await startFront(registry.host, { tls: await authority.issue(['DNS:registry.public.test']) });
      const host = `registry.public.test:${front.ports[0]}`;
      const url = proxy.url.replace('//', `//${basic.username}:${basic.password}@`);
      await using engine = startEngine(host, {
        ...alice,
        connection: overTls(),
        transport: { ...TEST_NETWORK, proxyVariables: { HTTPS_PROXY: url, NO_PROXY: 'elsewhere.test' } },
      });
      expect((await engine.client.getManifest(v1)).digest).toBe(image.descriptor.digest);
      expect([...new Set(proxy.requests.map(({ method, target }) => `${method} ${target}`))]).toEqual([
        `CONNECT ${host}`,
      ]);
      await expect.poll(() => front.requests().length).toBeGreaterThan(0);
      expect(JSON.stringify(engine.log)).not.toContain(basic.password);
      expect(proxy.received).not.toContain(ALICE.password);
    });

    it('sends blobs from another port, and gets no password there', async () => {
      await using open = await startDockerRegistry();
      await pushImage(open.host, 'library/web', image, ['v1']);
      await using front = await startRedirectingFront(open.host);
      await using engine = startEngine(front.host, { ...alice });
      const blob = await engine.client.getBlob({ repository: 'library/web', descriptor: config });
      expect(Buffer.from(blob)).toEqual(Buffer.from(image.config.bytes));
      const [first, second] = front.ports;
      await expect
        .poll(() => front.requests().map(({ port, status }) => `${port} ${status}`))
        .toEqual([`${first} 307`, `${second} 200`]);
      expect(front.requests().at(-1)?.authorization).toBe('');
    });

    it('says that it is asked too often; all are answered after the wait it asks for, and the quota is known', async () => {
      await using open = await startDockerRegistry();
      await pushImage(open.host, 'library/web', image, ['v1']);
      await using front = await startLimitedFront(open.host);
      const limits: unknown[] = [];
      await using engine = startEngine(front.host, {
        observe: (event) => {
          if (event.kind === 'answered') limits.push(parseRateLimit(event.headers));
        },
      });
      const byDigest = { repository: 'library/web', reference: image.descriptor.digest };
      const asked = [v1, byDigest].map((call) => engine.client.getManifest(call));
      const digests = (await Promise.all(asked)).map(({ digest }) => digest);
      expect(digests).toEqual([image.descriptor.digest, image.descriptor.digest]);
      await expect.poll(() => front.requests().map(({ status }) => status)).toContain(429);
      expect(limits.at(-1)).toMatchObject({ limit: 100, remaining: 99, windowSeconds: 21_600 });
    });

    it('is slow, and its blobs come all the same', async () => {
      const layer = buildLayer('slow '.repeat(20_000));
      const slow = buildImage({ layers: [layer] });
      await using open = await startDockerRegistry();
      await pushImage(open.host, 'library/web', slow, ['v1']);
      await using front = await startSlowFront(open.host, 64 * 1024);
      await using engine = startEngine(front.host);
      const descriptor = toDescriptor(layer.descriptor);
      const blob = await engine.client.getBlob({ repository: 'library/web', descriptor });
      expect(Buffer.from(blob)).toEqual(Buffer.from(layer.bytes));
    });
  },
);
