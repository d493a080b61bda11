import { expect } from 'vitest';
import type { ImageView } from '#shared/api/images.ts';
import type { ProcedureName } from '#test/support/contract-procedures.ts';
import type { ApiClient } from '#test/support/transports.ts';
import type { Case, Sample } from './case-context.ts';
import { ARCHIVE_CASES } from './archive-cases.ts';
import { INSIDE_CASES } from './inside-cases.ts';
import { TRANSFER_CASES } from './transfer-cases.ts';

/** One true use of each procedure. A procedure without a case does not compile. */
export const CASES: Readonly<Record<ProcedureName, Case>> = {
  'host.info': async ({ client }) => {
    expect(await client.host.info()).toMatchObject({
      version: '0.0.0-test',
      credentialStore: { kind: 'memory', reason: 'test' },
      localRegistry: { state: 'running', address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
      platform: { os: 'linux' },
    });
  },

  'registries.list': async ({ client, address }) => {
    expect((await client.registries.list())[0]).toEqual({
      id: 'local',
      kind: 'local',
      host: address,
      label: 'Local',
      plainHttp: true,
      skipVerification: false,
      auth: { kind: 'anonymous' },
      secret: 'none',
      tls: { hasClientKey: false },
      proxy: { kind: 'system' },
      apiPrefix: '',
      repositoryPrefix: '',
      trustedTokenHosts: [],
      uploadHosts: [],
    });
  },

  'registries.add': async ({ client }) => {
    const added = await client.registries.add({
      host: 'https://Add.Example/v2/',
      auth: { kind: 'password', username: 'alice', secret: 's3cret' },
    });
    expect(added).toMatchObject({
      host: 'add.example',
      label: 'add.example',
      kind: 'remote',
      auth: { kind: 'password', username: 'alice' },
      secret: 'memory',
    });
    expect(await client.registries.list()).toContainEqual(added);
  },

  'registries.update': async ({ client }) => {
    const { id } = await client.registries.add({ host: 'update.example', auth: { kind: 'bearer', secret: 'abc' } });
    const input = { id, host: 'update.example', label: 'Work', auth: { kind: 'unchanged' } } as const;
    expect(await client.registries.update(input)).toMatchObject({ id, label: 'Work', auth: { kind: 'bearer' } });
  },

  'registries.remove': async ({ client }) => {
    const { id } = await client.registries.add({ host: 'remove.example', auth: { kind: 'anonymous' } });
    expect(await client.registries.remove({ id })).toEqual({ removed: true });
    expect(await client.registries.remove({ id })).toEqual({ removed: false });
  },

  'registries.test': async ({ client, address, closedPort }) => {
    const lastState = async (host: string) => {
      const states = new Map<string, string>();
      for await (const step of await client.registries.test({ host, plainHttp: true, auth: { kind: 'anonymous' } })) {
        states.set(step.step, step.state);
        if (step.state === 'failed') expect(step.error).toMatchObject({ kind: 'network', reason: 'refused' });
      }
      return [...states.values()];
    };
    const good = await lastState(address);
    expect(good.length).toBeGreaterThan(1);
    expect(good).not.toContain('failed');
    expect(good).not.toContain('running');
    expect(await lastState(`127.0.0.1:${closedPort}`)).toContain('failed');
  },

  'registries.suggestions': async ({ client }) => {
    expect(await client.registries.suggestions()).toContainEqual({
      host: 'docker.io',
      label: 'Docker Hub',
      source: 'well-known',
      hasCredential: false,
    });
  },

  'accounts.explain': async ({ client }) => {
    const auth = { kind: 'password', username: 'alice', secret: 's3cret' } as const;
    const { id, keychainName } = await client.registries.add({ host: 'explain.example', auth });
    const explained = await client.accounts.explain({ id, repository: 'team/app' });
    expect(explained).toMatchObject({ kind: 'password', username: 'alice' });
    expect(explained.considered).toMatchObject([{ source: 'keychain', key: keychainName, outcome: 'used' }]);
    expect(JSON.stringify(explained)).not.toContain('s3cret');
  },

  'accounts.trustTokenHost': async ({ client }) => {
    const { id } = await client.registries.add({ host: 'trust.example', auth: { kind: 'anonymous' } });
    const trusted = await client.accounts.trustTokenHost({ id, host: 'Auth.Example:443', trusted: true });
    expect(trusted.trustedTokenHosts).toEqual(['auth.example']);
    const taken = await client.accounts.trustTokenHost({ id, host: 'auth.example', trusted: false });
    expect(taken.trustedTokenHosts).toEqual([]);
  },

  'accounts.keptLayers': async ({ client }) => {
    const { id } = await client.registries.add({ host: 'kept.example', auth: { kind: 'anonymous' } });
    expect(await client.accounts.keptLayers({ id })).toEqual({ bytes: 0, unknownBytes: 0 });
  },

  'accounts.signOut': async ({ client }) => {
    const auth = { kind: 'identity', secret: 's3cret' } as const;
    const { id } = await client.registries.add({ host: 'sign-out.example', auth });
    expect(await client.accounts.signOut({ id })).toMatchObject({ auth: { kind: 'anonymous' }, secret: 'none' });
    expect((await client.accounts.explain({ id })).kind).toBe('anonymous');
  },

  'repositories.list': async ({ client, sample }) => {
    const page = await client.repositories.list({ registryId: 'local' });
    expect(page.repositories).toContain(sample.repository);
    expect(page.droppedCount).toBe(0);
  },

  'repositories.pins': async ({ client }) => {
    expect(await client.repositories.pins()).toBeInstanceOf(Array);
  },

  'repositories.pin': async ({ client }) => {
    const pin = { registryId: 'local', repository: 'team/pinned' };
    expect(await client.repositories.pin(pin)).toContainEqual(pin);
    expect(await client.repositories.pins()).toContainEqual(pin);
  },

  'repositories.unpin': async ({ client }) => {
    const pin = { registryId: 'local', repository: 'team/unpinned' };
    await client.repositories.pin(pin);
    expect(await client.repositories.unpin(pin)).not.toContainEqual(pin);
  },

  'tags.list': async ({ client, sample: { registryId, repository, tag } }) => {
    expect((await client.tags.list({ registryId, repository })).tags).toContain(tag);
  },

  'tags.summary': async ({ client, sample }) => {
    const summary = await client.tags.summary(sample);
    expect(summary).toMatchObject({ tag: sample.tag, kind: 'index' });
    expect(summary.platforms.length).toBeGreaterThan(1);
    expect(summary.sizeBytes).toBeGreaterThan(0);
  },

  'tags.resolve': async ({ client, sample: { registryId, repository, tag } }) => {
    const { digest } = await client.images.get({ registryId, repository, reference: tag });
    const answers = [];
    const tags = [tag, 'not-there', tag];
    for await (const answer of await client.tags.resolve({ registryId, repository, tags })) answers.push(answer);
    expect(answers).toHaveLength(3);
    expect(answers.filter((answer) => 'digest' in answer)).toEqual([
      { tag, digest },
      { tag, digest },
    ]);
    expect(answers.find((answer) => 'error' in answer)).toMatchObject({ error: { kind: 'not-found' } });
  },

  'manifests.raw': async ({ client, sample: { registryId, repository, tag } }) => {
    const raw = await client.manifests.raw({ registryId, repository, reference: tag });
    expect(raw.content.encoding).toBe('text');
    const text = raw.content.encoding === 'text' ? raw.content.text : '';
    expect(Buffer.byteLength(text)).toBe(raw.sizeBytes);
    expect(JSON.parse(text)).toMatchObject({ schemaVersion: 2 });
  },

  'manifests.rawBlob': async ({ client, sample }) => {
    const { registryId, repository } = sample;
    const { configDescriptor: descriptor } = await defaultImage(client, sample);
    const raw = await client.manifests.rawBlob({ registryId, repository, descriptor });
    expect(raw).toMatchObject({ digest: descriptor.digest, sizeBytes: descriptor.sizeBytes });
    expect(JSON.parse(raw.content.encoding === 'text' ? raw.content.text : '')).toHaveProperty('rootfs');
  },

  'images.get': async ({ client, sample }) => {
    const image = await defaultImage(client, sample);
    expect(image.layers.length).toBeGreaterThan(0);
    expect(image.platformText).toMatch(/^linux\//);
  },

  'referrers.list': async ({ client, sample: { registryId, repository, tag } }) => {
    const { digest } = await client.images.get({ registryId, repository, reference: tag });
    const page = await client.referrers.list({ registryId, repository, digest });
    expect(page).toMatchObject({ source: 'api', droppedCount: 0, warnings: [] });
    const artifactType = 'application/spdx+json';
    const [sbom] = (await client.referrers.list({ registryId, repository, digest, artifactType })).referrers;
    expect(page.referrers).toContainEqual(sbom);
    expect(page.referrers.length).toBeGreaterThan(1);
  },

  ...INSIDE_CASES,
  ...TRANSFER_CASES,
  ...ARCHIVE_CASES,

  'settings.get': async ({ client }) => {
    expect(Object.keys(await client.settings.get())).toEqual([
      'theme',
      'tagOrder',
      'cacheLimitMib',
      'layerCacheLimitMib',
      'transferLimitKibPerSecond',
      'transferLanes',
    ]);
  },

  'settings.set': async ({ client }) => {
    const before = await client.settings.get();
    expect(await client.settings.set({ theme: 'dark' })).toEqual({ ...before, theme: 'dark' });
    expect(await client.settings.get()).toMatchObject({ theme: 'dark' });
    expect(await client.settings.set({})).toMatchObject({ theme: 'dark' });
  },

  'changes.watch': async ({ client }) => {
    const areas: string[] = [];
    for await (const { area } of await client.changes.watch()) {
      // A copy of another case may end just now, and says that content has come.
      if (area === 'content' || area === 'health') continue;
      areas.push(area);
      if (area === 'ready') await client.settings.set({ theme: 'light' });
      else break;
    }
    expect(areas).toEqual(['ready', 'settings']);
  },

  'health.get': async ({ client }) => {
    await client.repositories.list({ registryId: 'local' });
    expect(await client.health.get({ id: 'local' })).toMatchObject({ registryId: 'local', state: 'online' });
  },

  'diagnostics.watch': async ({ client, address }) => {
    await client.repositories.list({ registryId: 'local' });
    for await (const { entries } of await client.diagnostics.watch({ registryHost: address })) {
      if (!entries.some((entry) => entry.kind === 'request' && entry.exchange.url.includes('/v2/_catalog'))) continue;
      expect(entries[0]).toMatchObject({ registryHost: address });
      break;
    }
  },

  'diagnostics.clear': async ({ client }) => {
    expect((await client.diagnostics.clear()).cleared).toBeGreaterThanOrEqual(0);
  },
};

type SingleImage = Extract<ImageView, { kind: 'image' }>;

async function defaultImage(client: ApiClient, { registryId, repository, tag }: Sample): Promise<SingleImage> {
  const index = await client.images.get({ registryId, repository, reference: tag });
  if (index.kind !== 'index' || index.defaultChild === undefined) throw new Error(`${tag} is no index with a child`);
  const image = await client.images.get({ registryId, repository, reference: index.defaultChild });
  if (image.kind !== 'image') throw new Error(`the default child of ${tag} is no image`);
  return image;
}
