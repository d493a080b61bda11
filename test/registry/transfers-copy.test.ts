import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLES } from '#main/core/local-registry/samples/sample-list.ts';
import { seedSamples } from '#main/core/local-registry/samples/seed-samples.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { password } from '#test/support/engine.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { contentOf } from '#test/support/registry-content.ts';
import { hasTools } from '#test/support/tools.ts';
import { image, into, startTransferRig, type TransferRig } from '#test/support/transfers.ts';

const names = SAMPLES.map(({ repository }) => repository);

describe.skipIf(!hasTools('docker-registry', 'htpasswd'))('a copy from Local by docker-registry and back', () => {
  let local: TestRegistry;
  let plain: DockerRegistry;
  let guarded: DockerRegistry;
  let rig: TransferRig;

  beforeAll(async () => {
    local = await startTestRegistry();
    await seedSamples(local.store);
    plain = await startDockerRegistry();
    guarded = await startDockerRegistry({ auth: { kind: 'htpasswd', username: 'alice', password: 'wonderland' } });
    rig = await startTransferRig({
      local: { host: local.address },
      plain: { host: plain.host },
      guarded: { host: guarded.host, credential: password('alice', 'wonderland') },
    });
  });
  afterAll(async () => {
    await rig.close();
    await plain[Symbol.asyncDispose]();
    await guarded[Symbol.asyncDispose]();
    await local.stop();
  });

  it.each(names)('brings %s through both and back, byte for byte', async (repository) => {
    const tag = (await local.store.listTags(repository))?.at(-1);
    const digest = await local.store.resolveTag(repository, tag!);
    for (const [from, to, name] of [
      ['local', 'plain', repository],
      ['plain', 'guarded', repository],
      ['guarded', 'local', `back/${repository}`],
    ] as const) {
      const planned = await rig.plan([image(from, `${repository}:${tag}`)], into(to, name));
      expect(planned.rows).toMatchObject([{ state: { kind: 'ready' }, sourceDigest: digest, resultDigest: digest }]);
      const view = await rig.run(planned);
      expect(view).toMatchObject({ state: 'done', doneRowCount: 1, failedRowCount: 0 });
      // Its details, which `run` has watched to the end, do not make it forget what it was.
      expect(view).toMatchObject({ totalBytes: planned.totals.bytesTotal, doneBytes: planned.totals.bytesTotal });
    }
    const before = await contentOf(rig.client('local'), repository, tag!);
    expect(before.blobs.size).toBeGreaterThan(0);
    expect(await contentOf(rig.client('local'), `back/${repository}`, tag!)).toEqual(before);
  });
});
