import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appErrorOf } from '#test/support/app-error-of.ts';
import { startTestBackend, type TestBackend } from '#test/support/backend.ts';
import { type FakeRegistry, startFakeRegistry } from '#test/support/fake-registry.ts';
import { type ApiClient, connectInMemory } from '#test/support/transports.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER = 'application/vnd.docker.distribution.manifest.v2+json';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: DIGEST, size: 2 };
const image = { schemaVersion: 2, mediaType: MANIFEST, config: descriptor, layers: [descriptor] };
const text = JSON.stringify(image);

/** By tag: what it is called in the header, and its bytes. */
const CASES: Readonly<Record<string, readonly [name: string, contentType: string, body: string]>> = {
  header: ['M04 an image manifest sent as an index', INDEX, text],
  vendor: ['M04 an OCI manifest sent as a Docker one', DOCKER, text],
  both: ['M04 manifests beside layers', MANIFEST, JSON.stringify({ ...image, manifests: [descriptor] })],
  sniffed: ['M04 manifests beside layers, sent as plain JSON', 'application/json', `{"manifests":[],${text.slice(1)}`],
  case: ['M05 Layers beside layers', MANIFEST, `{"Layers":[],${text.slice(1)}`],
  twice: ['M05 layers twice', MANIFEST, `{"layers":[],${text.slice(1)}`],
  type: ['M05 MediaType beside mediaType', MANIFEST, `{"MediaType":"${INDEX}",${text.slice(1)}`],
  inside: ['M05 Digest beside digest in a layer', MANIFEST, text.replace('"layers":[{', `"layers":[{"Digest":"x",`)],
};

describe('a tag whose manifest can be read in two ways', () => {
  let registry: FakeRegistry;
  let backend: TestBackend;
  let client: ApiClient;
  let registryId: string;

  beforeAll(async () => {
    registry = await startFakeRegistry(({ path }) => {
      const found = CASES[path.split('/').at(-1) ?? ''];
      return found && { headers: { 'content-type': found[1] }, body: found[2] };
    });
    backend = await startTestBackend({ samples: false });
    ({ client } = await connectInMemory(backend.router));
    const added = await client.registries.add({ host: registry.host, plainHttp: true, auth: { kind: 'anonymous' } });
    registryId = added.id;
  });

  afterAll(async () => {
    await backend.close();
    await registry[Symbol.asyncDispose]();
  });

  it.each(Object.entries(CASES).map(([tag, [name]]) => [name, tag] as const))(
    '%s is refused as an image and as a row, and shown raw with a warning',
    async (_name, tag) => {
      const where = { registryId, repository: 'acme/web' };
      const refusal = { kind: 'protocol', reason: 'ambiguous' };
      expect(await appErrorOf(client.images.get({ ...where, reference: tag }))).toMatchObject(refusal);
      expect(await appErrorOf(client.tags.summary({ ...where, tag }))).toMatchObject(refusal);
      const raw = await client.manifests.raw({ ...where, reference: tag });
      expect(raw.content).toEqual({ encoding: 'text', text: CASES[tag]![2] });
      expect(raw.warnings).toEqual([{ source: 'gantry', text: expect.stringMatching(/^Not shown as an image: /) }]);
    },
  );

  it('requests none of the digests in it', () => {
    expect(registry.received).not.toContain('aaaaaaaa');
  });
});
