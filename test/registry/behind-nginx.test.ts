import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateAuthority, type Authority } from '#test/support/certificates.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { password, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { hasNginx } from '#test/support/nginx.ts';
import {
  startFront,
  startLimitedFront,
  startNamespacedFront,
  startRedirectingFront,
} from '#test/support/nginx-registry.ts';
import { buildImage } from '#test/support/oci-builder.ts';
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
      await pushImage(registry.host, 'library/web', image, ['v1'], ALICE);
    });
    afterAll(async () => {
      await registry[Symbol.asyncDispose]();
    });
    const alice = { credential: password(ALICE.username, ALICE.password) };

    it('is refused over TLS by an authority that nobody knows, before a byte of the password leaves', async () => {
      await using front = await startFront(registry.host, { tls: await authority.issue() });
      await using engine = startEngine(front.host, { ...alice, connection: { plainHttp: false } });
      expect((await registryErrorOf(engine.client.getManifest(v1))).failure).toMatchObject({ kind: 'tls' });
      expect(front.requests()).toEqual([]);
    });

    it('serves repositories below a name of the mirror', async () => {
      await using front = await startNamespacedFront(registry.host, 'hub');
      await using engine = startEngine(front.host, alice);
      const manifest = await engine.client.getManifest({ repository: 'hub/library/web', reference: 'v1' });
      expect(manifest.digest).toBe(image.descriptor.digest);
      const blob = await engine.client.getBlob({ repository: 'hub/library/web', descriptor: config });
      expect(Buffer.from(blob)).toEqual(Buffer.from(image.config.bytes));
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

    it('says that it is asked too often, and for how long to wait', async () => {
      await using open = await startDockerRegistry();
      await pushImage(open.host, 'library/web', image, ['v1']);
      await using front = await startLimitedFront(open.host);
      const answers = await Promise.all([1, 2, 3].map(() => fetch(`http://${front.host}/v2/`)));
      const limited = answers.filter(({ status }) => status === 429);
      expect(limited.map(({ headers }) => headers.get('retry-after'))).toEqual(['1', '1']);
      expect(limited[0]?.headers.get('ratelimit-limit')).toBe('100;w=21600');
      expect(await limited[0]?.json()).toMatchObject({ errors: [{ code: 'TOOMANYREQUESTS' }] });
    });
  },
);
