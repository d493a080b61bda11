import { describe, expect, it } from 'vitest';
import { registryErrorOf, startEngine } from '#test/support/engine.ts';
import { json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';

const CALL = { repository: 'acme/web', reference: 'v1' };
const INDEX = 'application/vnd.oci.image.index.v1+json';
const why = (status: number): Reply =>
  json({ errors: [{ code: 'DENIED', message: 'the image has known vulnerabilities' }] }, {}, status);

describe('a HEAD that fails', () => {
  it.each([403, 405, 412])('with %i is asked again as GET for the registry to say why', async (status) => {
    await using registry = await startFakeRegistry(() => why(status));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(engine.client.headManifest(CALL));
    expect(error.failure).toMatchObject({ codes: [{ message: 'the image has known vulnerabilities' }] });
    expect(registry.lines).toEqual(['HEAD /v2/acme/web/manifests/v1', 'GET /v2/acme/web/manifests/v1']);
  });

  it('with 500 is repeated first, and the GET for the reason is not', async () => {
    await using registry = await startFakeRegistry(() => why(500));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(engine.client.headManifest(CALL));
    expect(error.failure).toMatchObject({ codes: [{ message: 'the image has known vulnerabilities' }] });
    const head = 'HEAD /v2/acme/web/manifests/v1';
    expect(registry.lines).toEqual([head, head, head, head, 'GET /v2/acme/web/manifests/v1']);
  });

  it.each([401, 404, 429])('with %i says enough', async (status) => {
    await using registry = await startFakeRegistry(() => why(status));
    await using engine = startEngine(registry.host);
    await registryErrorOf(engine.client.headManifest(CALL));
    expect(registry.lines).not.toContain('GET /v2/acme/web/manifests/v1');
  });

  it('is answered by the GET of a registry that knows no HEAD', async () => {
    const body = '{"schemaVersion":2,"manifests":[]}';
    await using registry = await startFakeRegistry(({ method }) =>
      method === 'HEAD' ? { status: 405 } : { headers: { 'content-type': INDEX }, body },
    );
    await using engine = startEngine(registry.host);
    const head = await engine.client.headManifest(CALL);
    expect(head).toEqual({ digest: expect.stringMatching(/^sha256:/), mediaType: INDEX, sizeBytes: body.length });
  });
});
