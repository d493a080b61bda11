import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUploadData } from '#test/support/chaos-faults.ts';
import { buildImage, buildIndex, buildLayer, type BuiltImage } from '#test/support/oci-builder.ts';
import { pushImage, pushManifest } from '#test/support/push-image.ts';
import { type RecordedPair, startRecordedPair } from '#test/support/recorded-pair.ts';
import { contentOf } from '#test/support/registry-content.ts';
import { hasTools } from '#test/support/tools.ts';
import type { ChildEnd, ChildTask } from '#test/support/transfer-child.ts';

const CHILD = join(import.meta.dirname, '../support/transfer-child.ts');

/** Undefined when it was killed. */
async function runChild(task: ChildTask): Promise<ChildEnd | undefined> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (signal === 'SIGKILL') return undefined;
  expect(code).toBe(0);
  return JSON.parse(output) as ChildEnd;
}

describe.skipIf(!hasTools('docker-registry'))('a process that is killed', () => {
  let pair: RecordedPair;
  let folder: string;

  beforeAll(async () => {
    pair = await startRecordedPair();
    folder = await mkdtemp(join(tmpdir(), 'gantry-killed-'));
  });
  afterAll(async () => {
    await pair[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const registries = () => ({ a: { host: pair.from.host }, b: { host: pair.to.host } });
  const digestThere = async (name: string) =>
    (await pair.rig.client('b').getManifest({ repository: name, reference: '1' })).digest;

  /** A small multi-arch image at the source, and another image under the same tag at the destination. */
  async function setUp(round: number) {
    const name = `killed/app${round}`;
    const images = ['amd64', 'arm64'].map((architecture): BuiltImage =>
      buildImage({
        layers: [buildLayer(`base of ${name}`), buildLayer(`${architecture} of ${name}`)],
        config: { architecture },
      }),
    );
    const index = buildIndex(images);
    for (const each of images) await pushImage(pair.a.host, name, each, []);
    await pushManifest(pair.a.host, name, index, ['1']);
    const old = buildImage({ layers: [buildLayer(`old ${name}`)] });
    await pushImage(pair.b.host, name, old, ['1']);
    return { name, index: index.descriptor.digest, old: old.descriptor.digest };
  }

  it('FI16 at every point of its journal leaves the old image or the new, and goes on with what is missing', async () => {
    const outcomes: string[] = [];
    for (let killAt = 1; ; killAt += 1) {
      const { name, index, old } = await setUp(killAt);
      const dataDir = await mkdtemp(join(folder, 'data-'));
      const end = await runChild({ dataDir, registries: registries(), copy: `${name}:1`, killAt });
      const between = await digestThere(name);
      // I-TAG: nothing between the two, and what the tag names is whole.
      expect([old, index]).toContain(between);
      await contentOf(pair.rig.client('b'), name, '1');
      if (end !== undefined) {
        expect(end.states).toEqual(['done']);
        expect(killAt).toBeGreaterThan(10);
        break;
      }
      const resumed = await runChild({ dataDir, registries: registries() });
      outcomes.push(`${killAt} ${resumed?.states.join()}`);
      if (killAt === 1) {
        // Nothing was announced yet, so nothing goes on.
        expect([resumed?.states, between]).toEqual([[], old]);
        continue;
      }
      expect(resumed?.states, outcomes.join('\n')).toEqual(['done']);
      expect(await digestThere(name)).toBe(index);
      expect(await contentOf(pair.rig.client('b'), name, '1')).toEqual(
        await contentOf(pair.rig.client('a'), name, '1'),
      );
      // I-RES: no blob that the registry had taken was sent to it again.
      const taken = pair.to.requests.filter(
        (each) => isUploadData(each) && each.path.includes(name) && each.status === 201,
      );
      const digests = taken.map(({ path }) => new URL(path, 'http://b').searchParams.get('digest'));
      expect(digests.length).toBe(new Set(digests).size);
    }
  }, 600_000);
});
