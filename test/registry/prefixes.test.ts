import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#main/core/gantry-error.ts';
import { createRegistryClient } from '#main/core/registry/create-registry-client.ts';
import type { RegistryConnection } from '#main/core/registry/registry-client.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { password, recordingLogger, startEngine, systemClock, TEST_NETWORK } from '#test/support/engine.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasNginx } from '#test/support/nginx.ts';
import { startNamespacedFront, startPrefixedFront } from '#test/support/nginx-registry.ts';
import { buildImage } from '#test/support/oci-builder.ts';
import { toDescriptor } from '#test/support/oci-layout.ts';
import { pushImage } from '#test/support/push-image.ts';
import { hasTools } from '#test/support/tools.ts';

const engineAt = (host: string, connection: Partial<RegistryConnection>, pageSize?: number) =>
  startEngine(host, { connection, ...(pageSize === undefined ? {} : { pageSize }) });

describe('a registry below a path', () => {
  const prefixed = { apiPrefix: '/registry' };

  it('is asked there, for pages and challenges too', async () => {
    await using registry = await startFakeRegistry((request) => {
      if (request.path === '/registry/v2/a/tags/list?n=1000') {
        return json({ tags: ['1'] }, { link: '</registry/v2/a/tags/list?last=1>; rel="next"' });
      }
      if (request.path === '/registry/v2/a/tags/list?last=1') {
        return json({ tags: ['2'] }, { link: '</v2/a/tags/list?last=2>; rel="next"' });
      }
      return request.path === '/registry/v2/a/tags/list?last=2' ? json({ tags: ['3'] }) : undefined;
    });
    await using engine = engineAt(registry.host, prefixed);
    const tags: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await engine.client.listTags({ repository: 'a', ...(cursor === undefined ? {} : { cursor }) });
      tags.push(...page.names);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(tags).toEqual(['1', '2', '3']);
  });

  it('pings below the path when a 401 says nothing', async () => {
    await using registry = await startFakeRegistry((request) => {
      if (request.headers['authorization'] !== undefined) return json({ tags: [] });
      const challenge = { 'www-authenticate': 'Basic realm="r"' };
      return { status: 401, headers: request.path === '/registry/v2/' ? challenge : {} };
    });
    await using engine = startEngine(registry.host, { connection: prefixed, credential: password('a', 'secret') });
    await engine.client.listTags({ repository: 'a' });
    expect(registry.lines).toEqual([
      'GET /registry/v2/a/tags/list?n=1000',
      'GET /registry/v2/',
      'GET /registry/v2/a/tags/list?n=1000',
    ]);
  });

  it('is not left by a cursor that was tampered with (P01)', async () => {
    await using registry = await startFakeRegistry(() => json({ tags: [] }));
    await using engine = engineAt(registry.host, prefixed);
    const cursor = `1:${'0'.repeat(16)}::/v2/../../v2/a/tags/list`;
    await engine.client.listTags({ repository: 'a', cursor });
    expect(registry.lines).toEqual(['GET /registry/v2/a/tags/list']);
  });

  it('follows no link that leaves its path', async () => {
    await using registry = await startFakeRegistry(() => json({ tags: ['1'] }, { link: '</other/v2/x>; rel="next"' }));
    await using engine = engineAt(registry.host, prefixed);
    const { nextCursor = '' } = await engine.client.listTags({ repository: 'a' });
    await expect(engine.client.listTags({ repository: 'a', cursor: nextCursor })).rejects.toMatchObject({
      failure: { kind: 'protocol', reason: 'link' },
    });
    expect(registry.requests).toHaveLength(1);
  });

  describe.skipIf(!hasTools('docker-registry') || !hasNginx())('behind nginx', () => {
    it('gives its images', async () => {
      await using registry = await startDockerRegistry();
      const image = buildImage();
      for (const name of ['a', 'b', 'library/web']) await pushImage(registry.host, name, image, ['v1']);
      await using front = await startPrefixedFront(registry.host, '/mirror');
      await using engine = engineAt(front.host, { apiPrefix: 'mirror/v2/' }, 2);
      const first = await engine.client.listRepositories({});
      // docker-registry links to the next page without the path it does not know of.
      const second = await engine.client.listRepositories({ cursor: first.nextCursor ?? '' });
      expect([...first.names, ...second.names]).toEqual(['a', 'b', 'library/web']);
      expect((await engine.client.listTags({ repository: 'library/web' })).names).toEqual(['v1']);
      const { digest } = await engine.client.getManifest({ repository: 'library/web', reference: 'v1' });
      expect(digest).toBe(image.descriptor.digest);
    });

    it('gives the images of a mirror below a path and below a name, a page at a time', async () => {
      await using registry = await startDockerRegistry();
      const image = buildImage();
      for (const name of ['hub/a', 'hub/library/web', 'other/x']) await pushImage(registry.host, name, image, ['v1']);
      await using front = await startPrefixedFront(registry.host, '/mirror');
      await using engine = engineAt(front.host, { apiPrefix: '/mirror', repositoryPrefix: 'hub' }, 1);
      const names: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await engine.client.listRepositories(cursor === undefined ? {} : { cursor });
        names.push(...page.names);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(names).toEqual(['a', 'library/web']);
      const web = { repository: 'library/web' };
      expect(await engine.client.getManifest({ ...web, reference: 'v1' })).toMatchObject({
        digest: image.descriptor.digest,
      });
      const descriptor = toDescriptor(image.config.descriptor);
      expect(Buffer.from(await engine.client.getBlob({ ...web, descriptor }))).toEqual(Buffer.from(image.config.bytes));
      await expect(engine.client.listTags({ repository: 'other/x' })).rejects.toMatchObject({ kind: 'not-found' });
      expect(front.requests().every(({ path }) => path.startsWith('/mirror/v2/'))).toBe(true);
    });

    it('gives the images of a mirror without the name they have there', async () => {
      await using registry = await startDockerRegistry();
      const image = buildImage();
      await pushImage(registry.host, 'library/web', image, ['v1']);
      await using front = await startNamespacedFront(registry.host, 'hub');
      await using engine = engineAt(front.host, { repositoryPrefix: 'hub' });
      const web = { repository: 'library/web' };
      expect((await engine.client.listTags(web)).names).toEqual(['v1']);
      expect(await engine.client.getManifest({ ...web, reference: 'v1' })).toMatchObject({
        digest: image.descriptor.digest,
      });
      const descriptor = toDescriptor(image.config.descriptor);
      expect(Buffer.from(await engine.client.getBlob({ ...web, descriptor }))).toEqual(Buffer.from(image.config.bytes));
      expect(front.requests().every(({ path }) => path.startsWith('/v2/hub/library/web/'))).toBe(true);
    });
  });
});

describe('a mirror', () => {
  it('is asked, and its tokens are, for repositories below its path', async () => {
    await using registry = await startFakeRegistry((request) => {
      if (request.path.startsWith('/token')) return json({ token: 'good' });
      const realm = { 'www-authenticate': 'Bearer realm="/token",service="s"' };
      return request.headers['authorization'] === undefined ? { status: 401, headers: realm } : json({ tags: [] });
    });
    await using engine = engineAt(registry.host, { repositoryPrefix: 'cache/hub' });
    await engine.client.listTags({ repository: 'library/nginx' });
    const [, token = ''] = registry.lines;
    expect(decodeURIComponent(token)).toContain('scope=repository:cache/hub/library/nginx:pull');
    expect(registry.lines.at(-1)).toBe('GET /v2/cache/hub/library/nginx/tags/list?n=1000');
  });

  it('lists only what is below its path; a page may be empty and not the last', async () => {
    await using registry = await startFakeRegistry((request) =>
      request.path.includes('last')
        ? json({ repositories: ['hub/a', 'hub', 'hubris/b', 'hub/c/d'] })
        : json({ repositories: ['other/x'] }, { link: '</v2/_catalog?last=x>; rel="next"' }),
    );
    await using engine = engineAt(registry.host, { repositoryPrefix: '/hub/' });
    const first = await engine.client.listRepositories({});
    expect(first.names).toEqual([]);
    const second = await engine.client.listRepositories({ cursor: first.nextCursor ?? '' });
    expect(second).toMatchObject({ names: ['a', 'c/d'] });
    expect(second.nextCursor).toBeUndefined();
  });

  it('checks the name a person gave by the grammar, not only the whole', async () => {
    await using registry = await startFakeRegistry(() => json({ tags: [] }));
    await using engine = engineAt(registry.host, { repositoryPrefix: 'hub' });
    for (const repository of ['', '/x', '../x', 'A', 'x'.repeat(252)]) {
      await expect(engine.client.listTags({ repository })).rejects.toThrow(InvalidInputError);
    }
    expect(registry.requests).toEqual([]);
  });
});

describe('createRegistryClient', () => {
  it.each([
    ['apiPrefix', { apiPrefix: '/a/../b' }],
    ['apiPrefix', { apiPrefix: '/..' }],
    ['apiPrefix', { apiPrefix: '/a?b' }],
    ['apiPrefix', { apiPrefix: '//evil.example/x y' }],
    ['repositoryPrefix', { repositoryPrefix: 'Hub' }],
    ['repositoryPrefix', { repositoryPrefix: 'a/../b' }],
    ['proxy.url', { proxy: { kind: 'url', url: 'socks5://proxy:1080' } }],
    ['proxy.url', { proxy: { kind: 'url', url: 'http://bob:secret@proxy:3128' } }],
    ['proxy.url', { proxy: { kind: 'url', url: 'http://' } }],
    ['tls.caPem', { tls: { caPem: 'nothing' } }],
    ['host', { host: 'a b' }],
  ] as const)('names the field %s of %o', (path, more) => {
    const connection = { host: 'registry.example', plainHttp: false, skipVerification: false, ...more };
    const deps = { logger: recordingLogger(), clock: systemClock };
    expect(() => createRegistryClient(connection, deps)).toThrow(expect.objectContaining({ path }));
  });
});

describe('Docker Hub', () => {
  it.each(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'INDEX.docker.io:443', 'registry.hub.docker.com'])(
    'is one registry by the name %s',
    async (host) => {
      const asked: string[] = [];
      const lookup: typeof TEST_NETWORK.lookup = (hostname, options, callback) => {
        asked.push(hostname);
        TEST_NETWORK.lookup?.('nowhere', options, callback);
      };
      await using engine = startEngine(host, { connection: { plainHttp: false }, transport: { lookup } });
      await expect(engine.client.ping()).rejects.toMatchObject({ failure: { reason: 'dns' } });
      expect(new Set(asked)).toEqual(new Set(['registry-1.docker.io']));
    },
  );
});
