import { describe, expect, it } from 'vitest';
import type { Digest } from '#shared/oci/digest.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { createGraphBudget, DEFAULT_BOUNDS, type GraphBounds } from '#main/core/transfer/content/bounds.ts';
import { UNKNOWN_SIZE } from '#main/core/transfer/content/manifest-node.ts';
import { walkGraph } from '#main/core/transfer/content/walk-graph.ts';
import type { ManifestBytes } from '#main/core/transfer/ends.ts';
import {
  build,
  buildAttestation,
  buildImage,
  buildIndex,
  buildLayer,
  type Built,
  digestOf,
} from '#test/support/oci-builder.ts';

const manifestOf = ({ bytes, descriptor }: Built): ManifestBytes => ({
  bytes,
  digest: digestOf(bytes),
  mediaType: descriptor.mediaType,
});

/** Walks from the first of these; the others are what can be loaded. */
async function walk(
  [root, ...others]: readonly Built[],
  options: { readonly bounds?: Partial<GraphBounds>; readonly fail?: (digest: Digest) => Error | undefined } = {},
) {
  const known = new Map(others.map((each) => [each.descriptor.digest, manifestOf(each)]));
  const loaded: string[] = [];
  const graph = await walkGraph(manifestOf(root!), {
    load: async (digest, signal) => {
      signal.throwIfAborted();
      loaded.push(digest);
      await Promise.resolve();
      const found = known.get(digest);
      if (found === undefined)
        throw options.fail?.(digest) ?? new RegistryError({ kind: 'not-found', what: 'manifest', codes: [] });
      return found;
    },
    budget: createGraphBudget({ ...DEFAULT_BOUNDS, ...options.bounds }),
    signal: new AbortController().signal,
  });
  return {
    order: graph.nodes.map(({ manifest }) => manifest.digest),
    blobs: graph.blobs.map(({ descriptor, role, isForeign }) => ({ digest: descriptor.digest, role, isForeign })),
    loaded,
    graph,
  };
}

const digests = (...built: readonly Built[]) => built.map(({ descriptor }) => descriptor.digest);

describe('walkGraph', () => {
  it('lists the config and each layer of an image once', async () => {
    const layer = buildLayer('shared');
    const image = buildImage({ layers: [layer, buildLayer('own'), layer] });
    const { order, blobs } = await walk([image]);
    expect(order).toEqual(digests(image));
    expect(blobs.map(({ role }) => role)).toEqual(['config', 'layer', 'layer']);
  });

  it('puts children before whoever names them, each once, nested indexes too', async () => {
    const amd = buildImage({ layers: [buildLayer('amd')] });
    const arm = buildImage({ layers: [buildLayer('arm')] });
    const attestation = buildAttestation(amd.descriptor.digest);
    const inner = buildIndex([amd, attestation]);
    const root = buildIndex([inner, arm, amd]);
    const { order, loaded } = await walk([root, amd, arm, attestation, inner]);
    expect(new Set(order)).toEqual(new Set(digests(amd, attestation, inner, arm, root)));
    expect(order.at(-1)).toBe(root.descriptor.digest);
    expect(order.indexOf(digestOf(amd.bytes))).toBeLessThan(order.indexOf(digestOf(inner.bytes)));
    expect(loaded.toSorted()).toEqual(digests(amd, attestation, inner, arm).toSorted());
  });

  it('takes the config and blobs of an artifact, and nothing of what it refers to', async () => {
    const subject = buildImage();
    const artifact = buildImage({
      layers: [build('sbom', 'application/spdx+json')],
      manifest: { artifactType: 'application/spdx+json', subject: subject.descriptor },
    });
    const { blobs, graph } = await walk([artifact]);
    expect(blobs.map(({ role }) => role)).toEqual(['config', 'blob']);
    expect(graph.root.subject).toBe(subject.descriptor.digest);
  });

  it('tries an entry of no known type as a manifest, and takes it for a blob when it is none', async () => {
    const odd = build({ any: 'thing' }, 'application/vnd.example.odd+json');
    const file = build('just bytes', 'application/vnd.example.file');
    const { order, blobs } = await walk([buildIndex([odd, file]), odd]);
    expect(order.slice(0, -1)).toEqual(digests(odd));
    expect(blobs).toEqual([{ digest: file.descriptor.digest, role: 'blob', isForeign: false }]);
  });

  it('does not take for a blob what only could not be asked for', async () => {
    const file = build('just bytes', 'application/vnd.example.file');
    const refused = new RegistryError({ kind: 'unauthorized', hadCredential: true, codes: [] });
    await expect(walk([buildIndex([file])], { fail: () => refused })).rejects.toBe(refused);
  });

  it('fails for a child that is not there', async () => {
    await expect(walk([buildIndex([buildImage()])])).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('marks layers whose bytes lie elsewhere', async () => {
    const foreign = buildLayer('far', 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip');
    const { blobs } = await walk([buildImage({ layers: [foreign, buildLayer('near')] })]);
    expect(blobs.map(({ isForeign }) => isForeign)).toEqual([false, true, false]);
  });

  it('lists the layers of schema 1 once and without a size', async () => {
    const layer = digestOf(Buffer.from('empty'));
    const fsLayers = [{ blobSum: layer }, { blobSum: digestOf(Buffer.from('files')) }, { blobSum: layer }];
    const schema1 = build(
      { schemaVersion: 1, name: 'a', tag: 'b', architecture: 'amd64', fsLayers, history: [] },
      'application/vnd.docker.distribution.manifest.v1+json',
    );
    const { graph } = await walk([schema1]);
    expect(graph.root.kind).toBe('schema1');
    expect(graph.blobs.map(({ descriptor }) => descriptor.sizeBytes)).toEqual([UNKNOWN_SIZE, UNKNOWN_SIZE]);
  });

  it('M09 refuses a schema 1 layer that is not named by a digest', async () => {
    const fsLayers = [{ blobSum: 'sha256:../../x' }];
    const schema1 = build({ schemaVersion: 1, fsLayers }, 'application/vnd.docker.distribution.manifest.v1+json');
    await expect(walk([schema1])).rejects.toMatchObject({ kind: 'digest-syntax' });
  });

  it('M17 reads past a byte order mark and past what is no UTF-8, and leaves the bytes as they are', async () => {
    const image = buildImage({ manifest: { annotations: { title: 'X' } } });
    const odd = Buffer.from(image.bytes);
    odd[odd.indexOf('"X"') + 1] = 0xff;
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), odd]);
    const { graph, blobs } = await walk([{ bytes, descriptor: image.descriptor }]);
    expect(graph.root.manifest.bytes).toBe(bytes);
    expect(blobs).toHaveLength(3);
  });

  it('M04 refuses a manifest that can be read in two ways', async () => {
    const image = buildImage();
    const both = buildIndex([image], { layers: [] });
    await expect(walk([both, image])).rejects.toMatchObject({ kind: 'ambiguous' });
  });

  it('M11 refuses indexes nested deeper than the bound', async () => {
    const nest = (depth: number): Built[] => {
      let inner: Built = buildImage();
      const all = [inner];
      for (let level = 0; level < depth; level += 1) {
        inner = buildIndex([inner]);
        all.unshift(inner);
      }
      return all;
    };
    await expect(walk(nest(9))).rejects.toMatchObject({ kind: 'transfer', reason: 'too-deep' });
    expect((await walk(nest(8))).order).toHaveLength(9);
  });

  it('M11 refuses an index that a lying source lets name itself', async () => {
    const child = buildImage();
    const root = buildIndex([child]);
    const lying = walkGraph(manifestOf(root), {
      load: () => Promise.resolve(manifestOf(root)),
      budget: createGraphBudget({ ...DEFAULT_BOUNDS, manifests: 50 }),
      signal: new AbortController().signal,
    });
    await expect(lying).rejects.toMatchObject({ kind: 'digest-mismatch', expected: child.descriptor.digest });
  });

  it.each([
    [{ manifests: 2 }, 'manifests'],
    [{ blobs: 2 }, 'blobs'],
    [{ manifestBytes: 1000 }, 'bytes'],
  ] as const)('M12 refuses what is beyond the bound %o', async (bounds, named) => {
    const images = [buildImage({ layers: [buildLayer('1')] }), buildImage({ layers: [buildLayer('2')] })];
    const walking = walk([buildIndex(images), ...images], { bounds });
    await expect(walking).rejects.toMatchObject({ reason: 'too-many', detail: expect.stringContaining(named) });
  });

  it('stops loading the others when one has failed', async () => {
    const images = Array.from({ length: 3 }, (_, index) => buildImage({ layers: [buildLayer(`${index}`)] }));
    let stopped = 0;
    const walking = walkGraph(manifestOf(buildIndex(images)), {
      load: (digest, signal) =>
        digest === images[0]!.descriptor.digest
          ? Promise.reject(new RegistryError({ kind: 'forbidden', codes: [] }))
          : new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => {
                stopped += 1;
                reject(signal.reason as Error);
              });
            }),
      budget: createGraphBudget(DEFAULT_BOUNDS),
      signal: new AbortController().signal,
    });
    await expect(walking).rejects.toMatchObject({ kind: 'forbidden' });
    expect(stopped).toBe(2);
  });
});
