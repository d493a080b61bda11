import { describe, expect, it } from 'vitest';
import { manifestExistence } from '#main/core/registry/existence.ts';
import { registryErrorOf, startEngine } from '#test/support/engine.ts';
import { type Handler, json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';

const CALL = { repository: 'acme/web', reference: 'v1' };
const code = (status: number, name: string, message: string): Reply =>
  json({ errors: [{ code: name, message }] }, {}, status);

async function ask(handler: Handler) {
  await using registry = await startFakeRegistry(handler);
  await using engine = startEngine(registry.host);
  return { existence: await manifestExistence(engine.client, CALL), lines: registry.lines };
}

describe('manifestExistence', () => {
  it('is present with what HEAD says', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const headers = { 'docker-content-digest': digest, 'content-type': 'application/vnd.oci.image.index.v1+json' };
    const { existence } = await ask(() => ({ headers, body: '{}' }));
    expect(existence).toMatchObject({ state: 'present', head: { digest, sizeBytes: 2 } });
  });

  it.each<readonly [string, Reply, string]>([
    ['no body', { status: 404 }, 'manifest'],
    ['MANIFEST_UNKNOWN', code(404, 'MANIFEST_UNKNOWN', 'manifest unknown'), 'manifest'],
    ['UNKNOWN, as registry.redhat.io says it', code(404, 'UNKNOWN', 'Not Found'), 'manifest'],
    ['NOT_FOUND, as Harbor 2.10 says it', code(404, 'NOT_FOUND', 'artifact acme/web:v1 not found'), 'manifest'],
  ])('is absent after a 404 with %s', async (_name, reply, what) => {
    const { existence, lines } = await ask(() => reply);
    expect(existence).toEqual({ state: 'absent', what });
    expect(lines).toEqual(['HEAD /v2/acme/web/manifests/v1']);
  });

  it('is absent when HEAD answers 403, as Artifactory does, and GET says 404', async () => {
    const { existence } = await ask(({ method }) =>
      method === 'HEAD' ? { status: 403 } : code(404, 'MANIFEST_UNKNOWN', 'The named manifest is not known.'),
    );
    expect(existence).toEqual({ state: 'absent', what: 'manifest' });
  });

  it('says that the whole repository is missing where GET tells so', async () => {
    const { existence } = await ask(({ method }) =>
      method === 'HEAD' ? { status: 405 } : code(404, 'NAME_UNKNOWN', 'repository name not known'),
    );
    expect(existence).toEqual({ state: 'absent', what: 'repository' });
  });

  it('is unknown when both are refused', async () => {
    const { existence } = await ask(() => code(403, 'DENIED', 'no'));
    expect(existence).toMatchObject({ state: 'unknown', why: { failure: { kind: 'forbidden' } } });
  });

  it('is unknown when it is only what was kept', async () => {
    const offline = { seenAt: '2026-11-21T10:00:00Z', reason: 'refused' };
    const existence = await manifestExistence({ headManifest: () => Promise.resolve({ offline }) }, CALL);
    expect(existence).toEqual({ state: 'unknown', why: 'offline' });
  });

  it.each([401, 429, 500])('fails with the error of a %i', async (status) => {
    await using registry = await startFakeRegistry(() => ({ status }));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(manifestExistence(engine.client, CALL));
    expect(error.trace?.status).toBe(status);
  });
});
