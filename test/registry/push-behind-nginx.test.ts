import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobSource, patternBytes } from '#test/support/blob-source.ts';
import { type Authority, certificateAuthority } from '#test/support/certificates.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { type Engine, type EngineOptions, password, startEngine } from '#test/support/engine.ts';
import { hasNginx, PASS_ON, startNginx } from '#test/support/nginx.ts';
import { startFront, startPrefixedFront } from '#test/support/nginx-registry.ts';
import { buildImage, buildLayer } from '#test/support/oci-builder.ts';
import { repository } from '#test/support/pushing.ts';
import { skopeoRawManifest } from '#test/support/skopeo.ts';
import { hasTools } from '#test/support/tools.ts';

const ALICE = { username: 'alice', password: 'correct horse' };
const MIB = 1024 * 1024;

/** Pushes an image with a layer of so many bytes, and has skopeo read it where nothing stands in between. */
async function pushesThrough(engine: Engine, registry: DockerRegistry, layerBytes: number, tag: string): Promise<void> {
  const image = buildImage({ layers: [buildLayer(patternBytes(layerBytes, tag.length).toString('latin1'))] });
  for (const { bytes } of [image.config, ...image.layers]) {
    await engine.client.pushBlob({ repository, priority: 'transfer', ...blobSource(Buffer.from(bytes)) });
  }
  const { bytes, descriptor } = image;
  await engine.client.pushManifest({ repository, reference: tag, bytes, mediaType: descriptor.mediaType });
  expect(await skopeoRawManifest(`${registry.host}/${repository}:${tag}`, ALICE)).toBe(Buffer.from(bytes).toString());
}

describe.skipIf(!hasTools('docker-registry', 'openssl', 'htpasswd', 'skopeo') || !hasNginx())(
  'a push to docker-registry behind nginx',
  () => {
    let registry: DockerRegistry;
    let authority: Authority;
    beforeAll(async () => {
      authority = await certificateAuthority();
      registry = await startDockerRegistry({ auth: { kind: 'htpasswd', ...ALICE } });
    });
    afterAll(async () => {
      await registry[Symbol.asyncDispose]();
    });
    const engineAt = (host: string, connection: EngineOptions['connection'] = {}) =>
      startEngine(host, { credential: password(ALICE.username, ALICE.password), connection });
    const overTls = () => ({ plainHttp: false, tls: { caPem: authority.certificate } });

    it('goes over TLS', async () => {
      await using front = await startFront(registry.host, { tls: await authority.issue() });
      await using engine = engineAt(front.host, overTls());
      await pushesThrough(engine, registry, 2 * MIB, 'tls');
      expect(front.requests().every(({ status }) => status < 400 || status === 401)).toBe(true);
    });

    it('goes on by https at our port though the registry says http at none (U02)', async () => {
      const blind =
        'proxy_http_version 1.1; proxy_request_buffering off; client_max_body_size 0; proxy_set_header Host $host;';
      const locations = () => `location / { proxy_pass http://${registry.host}; ${blind} }`;
      await using front = await startNginx([{ tls: await authority.issue(), locations }]);
      await using engine = engineAt(front.host, overTls());
      await pushesThrough(engine, registry, 2 * MIB, 'blind');
      await using chunked = engineAt(front.host, { ...overTls(), uploadChunkBytes: 600_000 });
      await pushesThrough(chunked, registry, MIB, 'blind-chunks');
      await expect
        .poll(() => new Set(front.requests().map(({ method }) => method)))
        .toEqual(new Set(['GET', 'POST', 'PUT', 'PATCH']));
    });

    it('goes below a prefix that the registry does not know of', async () => {
      await using front = await startPrefixedFront(registry.host, '/mirror');
      await using engine = engineAt(front.host, { apiPrefix: '/mirror' });
      await pushesThrough(engine, registry, 2 * MIB, 'prefixed');
      expect(front.requests().every(({ path }) => path.startsWith('/mirror/v2/'))).toBe(true);
    });

    it('goes in chunks where nginx takes bodies of 1 MiB, and at once in chunks after that', async () => {
      const pass = PASS_ON.replace('client_max_body_size 0;', 'client_max_body_size 1m;');
      const locations = () => `location / { proxy_pass http://${registry.host}; ${pass} }`;
      await using front = await startNginx([{ locations }]);
      await using engine = engineAt(front.host);
      await pushesThrough(engine, registry, 5 * MIB, 'limited');
      await expect.poll(() => front.requests().filter(({ status }) => status === 413).length).toBeGreaterThan(0);
      const before = front.requests().length;
      await pushesThrough(engine, registry, 5 * MIB, 'limited-again');
      await expect
        .poll(() =>
          front
            .requests()
            .slice(before)
            .some(({ method }) => method === 'PATCH'),
        )
        .toBe(true);
      expect(
        front
          .requests()
          .slice(before)
          .filter(({ status }) => status === 413),
      ).toEqual([]);
    });
  },
);
