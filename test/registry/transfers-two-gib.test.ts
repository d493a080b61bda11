import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startDistribution } from '#test/support/distribution.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import { hasSkopeo, skopeoRawManifest } from '#test/support/skopeo.ts';
import { serveSynthetic } from '#test/support/synthetic-registries.ts';
import { image, into, startTransferRig } from '#test/support/transfers.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const distribution = findGoTool('registry');

// Two gibibytes, written and read: a minute on a small machine (CONTRIBUTING.md).
describe.skipIf(distribution === undefined || !hasSkopeo || process.env['GANTRY_TEST_LARGE'] !== '1')(
  'a layer of 2 GiB',
  { timeout: 300_000 },
  () => {
    it('comes to distribution 3 whole, and from there to another registry', async () => {
      await using made = await serveSynthetic({ layers: 1, blocks: 2048, blockBytes: MIB });
      await using kept = await startDistribution(distribution!);
      await using rig = await startTransferRig(
        { made: { host: made.source }, kept: { host: kept.host }, sink: { host: made.sink } },
        { patienceMs: 240_000 },
      );
      const planned = await rig.plan([image('made', 'large/app:v1')], into('kept'));
      expect(await rig.run(planned)).toMatchObject({ state: 'done', sentBytes: planned.totals.bytesTotal });
      const manifest = await rig.client('made').getManifest({ repository: 'large/app', reference: 'v1' });
      expect(await skopeoRawManifest(`${kept.host}/large/app:v1`)).toBe(Buffer.from(manifest.bytes).toString());

      // By a request of its own, past the engine.
      const { layers } = JSON.parse(Buffer.from(manifest.bytes).toString()) as { layers: { digest: string }[] };
      const digest = layers[0]!.digest;
      const answer = await fetch(`http://${kept.host}/v2/large/app/blobs/${digest}`);
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of answer.body!) {
        bytes += (chunk as Uint8Array).length;
        hash.update(chunk as Uint8Array);
      }
      expect([bytes, `sha256:${hash.digest('hex')}`]).toEqual([2 * GIB, digest]);

      const onward = await rig.plan([image('kept', 'large/app:v1')], into('sink'));
      expect(await rig.run(onward)).toMatchObject({ state: 'done' });
      expect(made.sent).toContain(digest);
      expect(made.counts.taken).toBeGreaterThanOrEqual(2 * GIB);
    });
  },
);
