import { describe, expect, it } from 'vitest';
import { selfSigned } from '#test/support/certificates.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { password } from '#test/support/engine.ts';
import { startTestRegistry } from '#test/support/local-registry.ts';
import { build, buildImage, buildIndex, buildLayer } from '#test/support/oci-builder.ts';
import { pushBlob, pushImage, pushManifest } from '#test/support/push-image.ts';
import { contentOf } from '#test/support/registry-content.ts';
import { startTokenIssuer } from '#test/support/token-issuer.ts';
import { hasTools } from '#test/support/tools.ts';
import { image, into, startTransferRig } from '#test/support/transfers.ts';

describe('a copy', () => {
  it.skipIf(!hasTools('docker-registry', 'openssl'))(
    'goes into a registry with tokens, from there to another of its repositories, and back, byte for byte',
    async () => {
      const certificate = await selfSigned();
      const names = { service: 'gantry test', issuer: 'gantry test issuer' };
      await using issuer = await startTokenIssuer({
        ...names,
        certificate,
        users: { alice: 'wonderland' },
        allow: (user, type) => (user === 'alice' && type === 'repository' ? ['pull', 'push'] : []),
        lifetimeSeconds: 60,
      });
      const realm = `http://localhost:${issuer.port}/token`;
      await using guarded = await startDockerRegistry({
        auth: { kind: 'token', realm, ...names, certificate: certificate.certificate },
      });
      const local = await startTestRegistry();
      const images = ['amd64', 'arm64'].map((architecture) =>
        buildImage({ layers: [buildLayer(architecture), buildLayer('shared')], config: { architecture } }),
      );
      for (const each of images) await pushImage(local.address, 'token/app', each, []);
      await pushManifest(local.address, 'token/app', buildIndex(images), ['1']);
      await using rig = await startTransferRig({
        local: { host: local.address },
        guarded: {
          host: `localhost:${guarded.port}`,
          credential: password('alice', 'wonderland'),
          trustedTokenHosts: [`localhost:${issuer.port}`],
        },
      });
      for (const [from, to, name] of [
        ['local token/app', 'guarded', 'token/app'],
        ['guarded token/app', 'guarded', 'token/mounted'],
        ['guarded token/mounted', 'local', 'token/back'],
      ] as const) {
        const [registryId = '', repository = ''] = from.split(' ');
        const planned = await rig.plan([image(registryId, `${repository}:1`)], into(to, name));
        expect(await rig.run(planned)).toMatchObject({ state: 'done', failedRowCount: 0 });
      }
      const before = await contentOf(rig.client('local'), 'token/app', '1');
      expect(await contentOf(rig.client('local'), 'token/back', '1')).toEqual(before);
      // A mount needs the right to read where it comes from.
      const mounting = issuer.grants.flatMap(({ scopes }) => [scopes]).find((scopes) => scopes.length > 1);
      expect(mounting).toEqual(expect.arrayContaining(['repository:token/app:pull']));
      await local.stop();
    },
  );

  it('takes schema 1 as it is, with layers whose sizes only the registry knows', async () => {
    const [source, destination] = [await startTestRegistry(), await startTestRegistry()];
    const layers = [buildLayer('files'), buildLayer('empty')];
    const [files, empty] = layers.map(({ descriptor }) => ({ blobSum: descriptor.digest }));
    const schema1 = build(
      {
        schemaVersion: 1,
        name: 'old/app',
        tag: '1',
        architecture: 'amd64',
        fsLayers: [empty, files, empty],
        history: [{ v1Compatibility: '{}' }, { v1Compatibility: '{}' }, { v1Compatibility: '{}' }],
      },
      'application/vnd.docker.distribution.manifest.v1+json',
    );
    for (const layer of layers) await pushBlob(source.address, 'old/app', layer);
    await pushManifest(source.address, 'old/app', schema1, ['1']);
    await using rig = await startTransferRig({ a: { host: source.address }, b: { host: destination.address } });
    const planned = await rig.plan([image('a', 'old/app:1')], into('b'));
    const bytes = layers.reduce((sum, layer) => sum + layer.bytes.length, 0);
    expect(planned.rows).toMatchObject([{ kind: 'schema1', state: { kind: 'ready' }, bytesToSend: bytes }]);
    expect(await rig.run(planned)).toMatchObject({ state: 'done' });
    expect(await contentOf(rig.client('b'), 'old/app', '1')).toEqual(await contentOf(rig.client('a'), 'old/app', '1'));
    await Promise.all([source.stop(), destination.stop()]);
  });
});
