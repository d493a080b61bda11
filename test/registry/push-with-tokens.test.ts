import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { blobSource, patternBytes } from '#test/support/blob-source.ts';
import { selfSigned } from '#test/support/certificates.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { type Engine, password, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { buildImage } from '#test/support/oci-builder.ts';
import { type IssuerOptions, startTokenIssuer, type TokenIssuer } from '#test/support/token-issuer.ts';
import { hasTools } from '#test/support/tools.ts';

const repository = 'acme/web';
const MIB = 1024 * 1024;
/** docker-registry takes a token for a minute longer than it says. */
const LEEWAY_SECONDS = 60;

async function meet(
  options: { readonly lifetimes?: readonly number[]; readonly allow?: IssuerOptions['allow'] },
  run: (met: { readonly engine: (more?: object) => Engine; readonly issuer: TokenIssuer }) => Promise<void>,
): Promise<void> {
  const certificate = await selfSigned();
  const names = { service: 'gantry test', issuer: 'gantry test issuer' };
  const lifetimes = [...(options.lifetimes ?? [])];
  await using issuer = await startTokenIssuer({
    ...names,
    certificate,
    users: { alice: 'wonderland' },
    allow: options.allow ?? ((user) => (user === 'alice' ? ['pull', 'push'] : [])),
    get lifetimeSeconds() {
      return lifetimes.shift() ?? 300;
    },
  });
  const realm = `http://localhost:${issuer.port}/token`;
  await using registry = await startDockerRegistry({
    auth: { kind: 'token', realm, ...names, certificate: certificate.certificate },
  });
  const engine = (connection: object = {}) =>
    startEngine(`localhost:${registry.port}`, {
      credential: password('alice', 'wonderland'),
      connection: { trustedTokenHosts: [`localhost:${issuer.port}`], ...connection },
    });
  await run({ engine, issuer });
}

/** Gives the first half, and the rest once a token that is about to be over is over. */
const slowSource = (bytes: Buffer) =>
  blobSource(bytes, {
    give: (rest, _startByte, nth) => {
      if (nth > 1) return rest;
      return Readable.from(
        (async function* () {
          yield rest.subarray(0, MIB);
          await delay(3500);
          for (let at = MIB; at < rest.length; at += 65_536) yield rest.subarray(at, at + 65_536);
        })(),
        { objectMode: false },
      );
    },
  });

describe.skipIf(!hasTools('docker-registry', 'openssl'))('a push to docker-registry with tokens', () => {
  it('brings an image with one token, which may push and pull there', async () => {
    await meet({}, async ({ engine, issuer }) => {
      await using pushing = engine();
      const image = buildImage();
      for (const { bytes } of [image.config, ...image.layers]) {
        await pushing.client.pushBlob({ repository, ...blobSource(Buffer.from(bytes)) });
      }
      const { bytes, descriptor } = image;
      await pushing.client.pushManifest({ repository, reference: 'v1', bytes, mediaType: descriptor.mediaType });
      expect(issuer.grants.map(({ scopes }) => scopes)).toEqual([[`repository:${repository}:pull,push`]]);
      const read = await pushing.client.getManifest({ repository, reference: 'v1' });
      expect(Buffer.from(read.bytes).equals(bytes)).toBe(true);
    });
  });

  it('mounts from where it may pull, and sends where it may not (U06)', async () => {
    const allow: IssuerOptions['allow'] = (user, _type, name) => {
      if (user !== 'alice' || name === 'acme/secret') return [];
      return ['pull', 'push'];
    };
    await meet({ allow }, async ({ engine }) => {
      await using pushing = engine();
      const source = blobSource(patternBytes(100_000));
      await pushing.client.pushBlob({ repository: 'acme/base', ...source });
      expect(await pushing.client.pushBlob({ repository, ...source, mountFrom: ['acme/secret', 'acme/base'] })).toBe(
        'mounted',
      );
      const other = { repository: 'acme/other', ...source, mountFrom: ['acme/secret'] };
      expect(await pushing.client.pushBlob(other)).toBe('sent');
    });
  });

  it('goes on where it was when the token is over in the middle of it (FI09)', async () => {
    await meet({ lifetimes: [2 - LEEWAY_SECONDS] }, async ({ engine, issuer }) => {
      await using pushing = engine({ uploadChunkBytes: MIB });
      const source = slowSource(patternBytes(3 * MIB));
      expect(await pushing.client.pushBlob({ repository, ...source })).toBe('sent');
      expect(issuer.grants).toHaveLength(2);
      expect(await pushing.client.headBlob({ repository, digest: source.descriptor.digest })).toEqual({
        sizeBytes: 3 * MIB,
      });
    });
  });

  it('is refused to who may only pull, before a byte is read', async () => {
    await meet({ allow: () => ['pull'] }, async ({ engine }) => {
      await using pushing = engine();
      const source = blobSource(patternBytes(1000));
      const error = await registryErrorOf(pushing.client.pushBlob({ repository, ...source }));
      expect(['unauthorized', 'forbidden']).toContain(error.kind);
      expect(source.opened).toEqual([]);
    });
  });
});
