import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { SaveEvent } from '#shared/api/file-save.ts';
import type { OpenedFiles } from '#shared/api/files.ts';
import { appErrorOf } from '#test/support/app-error-of.ts';
import type { ProcedureName } from '#test/support/contract-procedures.ts';
import type { ApiClient } from '#test/support/transports.ts';
import type { Case } from './case-context.ts';

type Ready<E> = Extract<E, { readonly kind: 'ready' }>;

/** A stream that tells how far it is: what it came to, and what it told before. */
async function toTheEnd<E extends { readonly kind: string }>(opened: Promise<AsyncIterable<E>>) {
  const told: Exclude<E, { readonly kind: 'ready' }>[] = [];
  for await (const event of await opened) {
    if (event.kind === 'ready') return { ready: event as Ready<E>, told };
    told.push(event as Exclude<E, { readonly kind: 'ready' }>);
  }
  throw new Error('it was never ready');
}

type Area = 'files' | 'layers' | 'packages' | 'compare' | 'documents';

const MERGED = { kind: 'merged' } as const;
const REPOSITORY = 'samples/whiteouts';

/** The sample whose layers delete and replace what lies below, and what was found when it was opened. */
async function opened(client: ApiClient): Promise<{ readonly target: FilesTarget; readonly found: OpenedFiles }> {
  const { digest } = await client.images.get({ registryId: 'local', repository: REPOSITORY, reference: 'latest' });
  const target = { registryId: 'local', repository: REPOSITORY, digest };
  return { target, found: await open(client, target) };
}

async function open(client: ApiClient, target: FilesTarget): Promise<OpenedFiles> {
  let found: OpenedFiles | undefined;
  for await (const event of await client.files.open(target)) if (event.kind === 'ready') found = event.opened;
  if (found === undefined) throw new Error('it was never ready');
  return found;
}

/** The image, and its lowest layer alone. */
async function both(client: ApiClient) {
  const { target, found } = await opened(client);
  const left = { ...target, layerDigest: found.layers[0]!.digest };
  await open(client, left);
  return { left, right: target };
}

/** The document of that kind that hangs on the first platform of the sample with attestations. */
async function documentOf(client: ApiClient, kind: 'sbom' | 'provenance') {
  const place = { registryId: 'local', repository: 'samples/attested' };
  const index = await client.images.get({ ...place, reference: 'latest' });
  const attestation = index.kind === 'index' ? index.children[0]?.attestations[0] : undefined;
  if (attestation === undefined) throw new Error('the sample has no attestation');
  const manifest = await client.images.get({ ...place, reference: attestation.digest });
  if (manifest.kind !== 'image' && manifest.kind !== 'artifact') throw new Error(`it is ${manifest.kind}`);
  const blobs = manifest.kind === 'image' ? manifest.layers.map(({ descriptor }) => descriptor) : manifest.blobs;
  const wanted = blobs.find(({ annotations }) =>
    annotations.some(([, value]) => value.includes(kind === 'sbom' ? 'spdx' : 'provenance')),
  );
  return { ...place, digest: manifest.digest, blob: wanted!.digest };
}

/** One true use of each procedure that looks inside an image or what is attached to it. */
export const INSIDE_CASES: Readonly<Record<Extract<ProcedureName, `${Area}.${string}`>, Case>> = {
  'files.open': async ({ client, sample }) => {
    const { found } = await opened(client);
    expect(found.layers).toHaveLength(4);
    expect(found.layers.map(({ diffId, origin, isComplete }) => [diffId, origin, isComplete])).toEqual(
      found.layers.map(() => ['match', 'verified', true]),
    );
    expect(found.layers[2]?.createdBy).toContain('rm -rf /var/cache/apt');
    expect(found.hiddenCount).toBeGreaterThan(3);
    const { registryId, repository, tag } = sample;
    const index = await client.images.get({ registryId, repository, reference: tag });
    const refused = await appErrorOf(open(client, { registryId, repository, digest: index.digest }));
    expect(refused).toEqual({ kind: 'files', reason: 'not-an-image', detail: index.digest });
  },

  'files.list': async ({ client, sample }) => {
    const { target } = await opened(client);
    const { rows, totalCount, directory } = await client.files.list({ ...target, view: MERGED, path: 'opt/tool' });
    expect(rows.map(({ name, type, layer }) => [name, type, layer])).toEqual([
      ['VERSION', 'file', 3],
      ['current', 'symlink', 3],
    ]);
    expect([totalCount, directory.path]).toEqual([2, 'opt/tool']);
    const { digest } = await client.images.get({ ...sample, reference: sample.tag });
    const closed = client.files.list({ ...target, digest, view: MERGED, path: '' });
    expect(await appErrorOf(closed)).toMatchObject({ kind: 'files', reason: 'not-open' });
  },

  'files.stat': async ({ client }) => {
    const { target } = await opened(client);
    const { versions } = await client.files.stat({ ...target, view: MERGED, path: 'opt/tool/VERSION' });
    expect(versions.map(({ layer, state }) => [layer, state])).toEqual([
      [3, 'present'],
      [1, 'hidden'],
    ]);
    const link = await client.files.stat({ ...target, view: MERGED, path: 'opt/tool/current' });
    expect(link).toMatchObject({ resolvedPath: 'opt/tool/VERSION', row: { linkTarget: 'VERSION' } });
  },

  'files.search': async ({ client }) => {
    const { target } = await opened(client);
    const view = { kind: 'merged', deleted: true } as const;
    const { rows } = await client.files.search({ ...target, view, query: '*cache.bin' });
    expect(rows.map(({ path, state, hiddenBy }) => [path, state, hiddenBy?.layer])).toEqual([
      ['var/cache/apt/pkgcache.bin', 'hidden', 2],
      ['var/cache/apt/srcpkgcache.bin', 'hidden', 2],
    ]);
  },

  'files.largest': async ({ client }) => {
    const { target } = await opened(client);
    const view = { kind: 'layer', layer: 1 } as const;
    const { rows } = await client.files.largest({ ...target, view, limit: 2 });
    expect(rows.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['pkgcache.bin', 400_000],
      ['srcpkgcache.bin', 300_000],
    ]);
  },

  'files.treemap': async ({ client }) => {
    const { target, found } = await opened(client);
    const { nodes } = await client.files.treemap({ ...target, view: MERGED, maxNodes: 20 });
    expect(nodes.length).toBeLessThanOrEqual(20);
    expect(nodes[0]).toMatchObject({ path: '', kind: 'directory', sizeBytes: found.sizeBytes });
  },

  'files.preview': async ({ client }) => {
    const { target } = await opened(client);
    const preview = await client.files.preview({ ...target, view: MERGED, path: 'opt/tool/current' });
    expect(preview).toMatchObject({
      contentPath: 'opt/tool/VERSION',
      sizeBytes: 2,
      shownBytes: 2,
      content: { kind: 'text', encoding: 'utf-8', text: '2\n' },
    });
    const refused = client.files.preview({ ...target, view: MERGED, path: 'opt' });
    expect(await appErrorOf(refused)).toEqual({ kind: 'files', reason: 'not-a-file', detail: 'opt' });
  },

  'files.chooseDestination': async ({ client, archivePath }) => {
    const { target } = await opened(client);
    const what = { kind: 'file', path: 'opt/tool/VERSION' } as const;
    const { chosen } = await client.files.chooseDestination({ ...target, what });
    expect(chosen?.name).toBe('images.tar.saved');
    const destination = { kind: 'path', pathId: chosen!.pathId } as const;
    for await (const event of await client.files.save({ ...target, what, destination })) {
      if (event.kind === 'done') expect(event).not.toHaveProperty('downloadPath');
    }
    expect(readFileSync(`${archivePath}.saved`, 'utf8')).toBe('2\n');
  },

  'files.reveal': async ({ client }) => {
    const { target } = await opened(client);
    const what = { kind: 'file', path: 'opt/tool/VERSION' } as const;
    const { chosen } = await client.files.chooseDestination({ ...target, what });
    expect(await client.files.reveal({ pathId: chosen!.pathId })).toEqual({ revealed: true });
    const other = client.files.reveal({ pathId: '/etc/passwd' });
    expect(await appErrorOf(other)).toMatchObject({ kind: 'not-found' });
  },

  'files.save': async ({ client, files }) => {
    const { target, found } = await opened(client);
    const save = async (what: { kind: 'tar' | 'file'; path: string; upToLayer?: number }, of = target) => {
      const events: SaveEvent[] = [];
      const input = { ...of, what, destination: { kind: 'download' as const } };
      for await (const event of await client.files.save(input)) events.push(event);
      const done = events.at(-1);
      if (done?.kind !== 'done') throw new Error('it was never done');
      const token = done.downloadPath!.replace('/download/', '');
      const download = await files.takeDownload(token, new AbortController().signal);
      const parts: Buffer[] = [];
      for await (const part of download!.stream) parts.push(part as Buffer);
      return { done, fileName: download!.fileName, bytes: Buffer.concat(parts) };
    };
    const file = await save({ kind: 'file', path: 'opt/tool/current' });
    expect([file.fileName, file.bytes.toString(), file.done.entryCount]).toEqual(['current', '2\n', 1]);
    const tar = await save({ kind: 'tar', path: 'opt' });
    expect([tar.fileName, tar.done.leftOutCount]).toEqual(['opt.tar', 0]);
    expect(tar.done.fileName).toBe('opt.tar');
    expect(tar.bytes.length).toBe(tar.done.writtenBytes);
    expect(tar.bytes.toString('latin1', 0, 5)).toBe('opt/\0');
    // As it was before the last layer replaced it, and the last layer alone.
    const before = await save({ kind: 'file', path: 'opt/tool/VERSION', upToLayer: 2 });
    expect(before.bytes.toString()).toBe('1\n');
    const layer = { ...target, layerDigest: found.layers[3]!.digest };
    await open(client, layer);
    const alone = await save({ kind: 'tar', path: '' }, layer);
    expect(alone.fileName).toMatch(/^whiteouts-[0-9a-f]{12}\.tar$/);
    expect(alone.done.entryCount).toBeLessThan((await save({ kind: 'tar', path: '' })).done.entryCount);
  },

  'layers.overview': async ({ client }) => {
    const { target } = await opened(client);
    const { layers, efficiency, pairs, wastedBytes } = await client.layers.overview(target);
    expect(layers.map(({ layer }) => layer)).toEqual([0, 1, 2, 3]);
    expect(layers[2]).toMatchObject({ addedCount: 0, shippedBytes: 0, sizeDelta: expect.any(Number) });
    expect(wastedBytes).toBeGreaterThan(700_000);
    expect(efficiency).toBeLessThan(1);
    expect(pairs[0]).toMatchObject({ shippedBy: 1, hiddenBy: 2, wastedBytes: 700_000, fileCount: 2 });
  },

  'layers.waste': async ({ client }) => {
    const { target } = await opened(client);
    const { rows, totalCount } = await client.layers.waste({ ...target, hiddenBy: 2, limit: 1 });
    expect(rows).toMatchObject([
      { path: 'var/cache/apt/pkgcache.bin', wastedBytes: 400_000, shippedBy: 1, hiddenBy: { how: 'whiteout' } },
    ]);
    expect(totalCount).toBe(3);
  },

  'packages.read': async ({ client }) => {
    const { target } = await opened(client);
    const { ready } = await toTheEnd(client.packages.read(target));
    expect(ready).toMatchObject({ kind: 'ready', packageCount: 10 });
  },

  'packages.list': async ({ client }) => {
    const { target } = await opened(client);
    const { rows, databases } = await client.packages.list({ ...target, query: 'lib' });
    expect(rows.map(({ ecosystem, name, path }) => [ecosystem, name, path])).toEqual([
      ['deb', 'libc6', 'var/lib/dpkg/status'],
      ['deb', 'zlib1g', 'var/lib/dpkg/status'],
    ]);
    expect(databases).toMatchObject([{ ecosystem: 'deb', state: 'read', packageCount: 10 }]);
  },

  'compare.images': async ({ client, sample }) => {
    const { registryId, repository, tag: reference } = sample;
    const side = { registryId, repository, reference };
    const { ready, told } = await toTheEnd(
      client.compare.images({
        left: { ...side, platform: 'linux/amd64' },
        right: { registryId: 'local', repository: REPOSITORY, reference: 'latest' },
      }),
    );
    expect(ready.comparison).toMatchObject({
      isSame: false,
      left: { platformText: 'linux/amd64' },
      right: { layerCount: 4 },
    });
    for (const { readBytes, totalBytes } of told) expect(readBytes).toBeLessThanOrEqual(totalBytes);
    const none = toTheEnd(client.compare.images({ left: { ...side, platform: 'plan9/mips' }, right: side }));
    expect(await appErrorOf(none)).toMatchObject({ kind: 'invalid-input', issues: [{ path: 'left.platform' }] });
  },

  'compare.summary': async ({ client }) => {
    const { summary } = (await toTheEnd(client.compare.summary(await both(client)))).ready;
    expect(summary).toMatchObject({ changedCount: 0, unknownCount: 0, removedCount: 1 });
    expect(summary.addedCount).toBe(3);
    expect(summary.sameCount).toBeGreaterThan(10);
  },

  'compare.list': async ({ client }) => {
    const { rows } = await client.compare.list({ ...(await both(client)), path: '' });
    expect(rows.map(({ path, below }) => [path, below?.addedCount, below?.removedCount])).toEqual([
      ['opt', 3, 0],
      ['root', 0, 1],
      // Only a folder is new in it, which is shown and not counted.
      ['var', 0, 0],
    ]);
  },

  'compare.files': async ({ client }) => {
    const { rows } = await client.compare.files({ ...(await both(client)), differences: ['removed'] });
    expect(rows).toMatchObject([{ path: 'root/.bashrc', difference: 'removed', left: { layer: 0 } }]);
  },

  'compare.contents': async ({ client }) => {
    const input = { ...(await both(client)), path: 'etc/debian_version' };
    const { ready: result, told } = await toTheEnd(client.compare.contents(input));
    for (const { totalBytes } of told) expect(totalBytes).toBeGreaterThan(0);
    expect(result).toMatchObject({ isSame: true, leftSha256: result.rightSha256 });
  },

  'compare.packages': async ({ client }) => {
    const input = { ...(await both(client)), differences: ['same' as const], query: 'bash' };
    const { rows, leftDatabases } = await client.compare.packages(input);
    expect(rows).toMatchObject([{ ecosystem: 'deb', name: 'bash', difference: 'same' }]);
    expect(leftDatabases).toHaveLength(1);
  },

  'documents.read': async ({ client }) => {
    const { document } = (await toTheEnd(client.documents.read(await documentOf(client, 'provenance')))).ready;
    expect(document).toMatchObject({
      kind: 'provenance',
      provenance: { version: 'v1', builder: 'https://example.com/gantry/builder' },
    });
  },

  'documents.packages': async ({ client }) => {
    const { rows, totalCount } = await client.documents.packages({
      ...(await documentOf(client, 'sbom')),
      query: 'apk/alpine/m',
    });
    expect(rows.map(({ name, license }) => [name, license])).toEqual([['musl', 'MIT']]);
    expect(totalCount).toBe(1);
  },
};
