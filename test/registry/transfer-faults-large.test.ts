import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { serveSynthetic } from '#test/support/synthetic-registries.ts';
import { image, into, startTransferRig } from '#test/support/transfers.ts';

const KIB = 1024;
const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

describe('an image of a thousand layers', { timeout: 60_000 }, () => {
  it('is sent layer by layer, each once, with little of it on the way at any time (FI30)', async () => {
    await using made = await serveSynthetic({ layers: 1000, blocks: 4, blockBytes: 8 * KIB });
    await using rig = await startTransferRig({ a: { host: made.source }, b: { host: made.sink } });
    const planned = await rig.plan([image('a', 'large/app:v1')], into('b'));
    const wanted = 1000 * 32 * KIB;
    expect(planned.totals.bytesToSend).toBeGreaterThan(wanted);
    const view = await rig.run(planned);
    expect(view).toMatchObject({ state: 'done', doneRowCount: 1, sentBytes: planned.totals.bytesToSend });
    expect(made.sent).toHaveLength(1001);
    expect(new Set(made.sent).size).toBe(1001);
    expect(made.counts.given).toBe(wanted);
    expect(made.counts.mostOnTheWay).toBeLessThan(wanted / 8);
  });

  it('holds no more of a large layer than sockets do, while the destination is slower than the source (FI30)', async () => {
    await using made = await serveSynthetic({ layers: 1, blocks: 256, blockBytes: MIB }, { sinkPauseMs: 1 });
    await using rig = await startTransferRig({ a: { host: made.source }, b: { host: made.sink } });
    const view = await rig.run(await rig.plan([image('a', 'large/app:v1')], into('b')));
    expect(view).toMatchObject({ state: 'done' });
    expect(made.counts.given).toBe(256 * MIB);
    // Both sockets of both connections have buffers of some mebibytes each.
    expect(made.counts.mostOnTheWay).toBeLessThan(48 * MIB);
  });

  it('and of 50 GiB is counted exactly, and costs no byte where all of it is there (FI30)', async () => {
    const config = Buffer.from('{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}');
    const digest = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const size = (50 * GIB) / 1000;
    const layers = Array.from({ length: 1000 }, (_, index) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      digest: digest(Buffer.from(`layer ${index}`)),
      size: Math.round(size),
    }));
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MEDIA_TYPE.ociManifest,
        config: { mediaType: MEDIA_TYPE.ociConfig, digest: digest(config), size: config.length },
        layers,
      }),
    );
    const headers = { 'content-type': MEDIA_TYPE.ociManifest, 'docker-content-digest': digest(manifest) };
    await using source = await startFakeRegistry(({ path }) => {
      if (path === '/v2/') return json({});
      return /\/manifests\/(v1|sha256:)/.test(path) ? { headers, body: manifest } : undefined;
    });
    let isTagged = false;
    await using destination = await startFakeRegistry(({ method, path }) => {
      if (path === '/v2/') return json({});
      if (method === 'HEAD' && path.includes('/blobs/')) return { status: 200, headers: { 'content-length': '1' } };
      if (method === 'PUT' && path.endsWith('/manifests/v1')) {
        isTagged = true;
        return { status: 201, headers: { 'docker-content-digest': digest(manifest) } };
      }
      return isTagged && path.endsWith('/manifests/v1') ? { headers, body: manifest } : undefined;
    });
    await using rig = await startTransferRig({ a: { host: source.host }, b: { host: destination.host } });
    const planned = await rig.plan([image('a', 'large/app:v1')], into('b'));
    const total = 1000 * Math.round(size) + config.length;
    expect(planned.totals).toMatchObject({ bytesTotal: total, bytesPresent: total, bytesToSend: 0 });
    expect(await rig.run(planned)).toMatchObject({ state: 'done', totalBytes: total, doneBytes: total, sentBytes: 0 });
    expect(source.lines.filter((line) => line.includes('/blobs/'))).toEqual([]);
  });
});
