import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Fault,
  isBlobRead,
  isManifestPut,
  isUploadData,
  isUploadStart,
  type Rule,
} from '#test/support/chaos-faults.ts';
import { buildImage, buildIndex, buildLayer, type BuiltImage } from '#test/support/oci-builder.ts';
import { pushImage, pushManifest } from '#test/support/push-image.ts';
import { type RecordedPair, startRecordedPair } from '#test/support/recorded-pair.ts';
import { contentOf } from '#test/support/registry-content.ts';
import { hasTools } from '#test/support/tools.ts';
import { type ChildEnd, runTransferChild } from '#test/support/transfer-child.ts';

/** What happens to one request when the process that sent it is killed. */
type KillPoint = {
  readonly name: string;
  readonly at: 'from' | 'to';
  readonly match: Rule['match'];
  /** `applied`: the registry has done it, and nobody has heard so. */
  readonly fault: 'applied' | Fault;
};

const SILENT = { kind: 'wait', until: new Promise(() => undefined) } as const;
const isTagRead: Rule['match'] = ({ method, path }) => method === 'GET' && path.endsWith('/manifests/1');

const POINTS: readonly KillPoint[] = [
  {
    name: 'in the middle of a blob',
    at: 'from',
    match: (each) => isBlobRead(each),
    fault: { kind: 'stall', afterBytes: 3 },
  },
  { name: 'after an upload was begun', at: 'to', match: isUploadStart, fault: 'applied' },
  { name: 'before a blob is sent', at: 'to', match: isUploadData, fault: SILENT },
  { name: 'after a blob was taken', at: 'to', match: isUploadData, fault: 'applied' },
  { name: 'before the first manifest', at: 'to', match: (each) => isManifestPut(each), fault: SILENT },
  { name: 'after a child was taken', at: 'to', match: (each) => isManifestPut(each), fault: 'applied' },
  { name: 'before the tag is written', at: 'to', match: (each) => isManifestPut(each, '1'), fault: SILENT },
  { name: 'after the tag was written', at: 'to', match: (each) => isManifestPut(each, '1'), fault: 'applied' },
  { name: 'before the tag is read back', at: 'to', match: isTagRead, fault: SILENT },
];

describe.skipIf(!hasTools('docker-registry'))('a process that is killed', () => {
  let pair: RecordedPair;
  let folder: string;
  let points = 0;

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
  async function setUp(round: string): Promise<Image> {
    const name = `killed/${round}`;
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

  type Image = { readonly name: string; readonly index: string; readonly old: string };

  /** Copies with a process that kills itself at one point, and lets another go on; says what was found on the way. */
  async function killAndGoOn(killAt: number) {
    const image = await setUp(`app${killAt}`);
    const dataDir = await mkdtemp(join(folder, 'data-'));
    const end = await runTransferChild({ dataDir, registries: registries(), copy: `${image.name}:1`, killAt });
    return goOn(image, dataDir, end);
  }

  /** Copies with a process that is killed when this happens to a request of it. */
  async function killWhen({ at, match, fault }: KillPoint) {
    const image = await setUp(`point${(points += 1)}`);
    const dataDir = await mkdtemp(join(folder, 'data-'));
    const reached = Promise.withResolvers<undefined>();
    const reach = () => reached.resolve(undefined);
    const undo = pair[at].add({
      match: (request) => {
        const isIt = request.path.includes(`/${image.name}/`) && match(request);
        if (isIt && fault !== 'applied') reach();
        return isIt;
      },
      fault: fault === 'applied' ? { kind: 'hold-answer', onAnswer: reach } : fault,
      times: 1,
    });
    const copy = `${image.name}:1`;
    const end = await runTransferChild({ dataDir, registries: registries(), copy }, (kill) => {
      void reached.promise.then(kill);
    });
    undo();
    return goOn(image, dataDir, end);
  }

  async function goOn({ name, index, old }: Image, dataDir: string, end: ChildEnd | undefined) {
    const between = await digestThere(name);
    // What the tag names in between is whole, or this throws.
    await contentOf(pair.rig.client('b'), name, '1');
    const resumed = end ?? (await runTransferChild({ dataDir, registries: registries() }));
    const taken = pair.to.requests.filter(
      (each) => isUploadData(each) && each.path.includes(name) && each.status === 201,
    );
    const digests = taken.map(({ path }) => new URL(path, 'http://b').searchParams.get('digest'));
    return {
      wasKilled: end === undefined,
      between: between === old ? 'old' : between === index ? 'new' : 'neither',
      states: resumed?.states.join(),
      after: (await digestThere(name)) === index ? 'new' : 'old',
      sentTwice: digests.length - new Set(digests).size,
    };
  }

  it('FI16 at every point of its journal leaves the old image or the new, and goes on with what is missing', async () => {
    const found = [];
    do found.push(await killAndGoOn(found.length + 1));
    while (found.at(-1)?.wasKilled === true);
    expect(found.length).toBeGreaterThan(10);
    // I-TAG: nothing between the two. I-RES: no blob that the registry had taken was sent to it again.
    expect(found.map(({ between }) => between)).not.toContain('neither');
    expect(found.filter(({ sentTwice }) => sentTwice > 0)).toEqual([]);
    // Before the first write nothing was announced, so nothing goes on; from then on everything does.
    const [first, ...others] = found;
    expect(first).toMatchObject({ between: 'old', states: '', after: 'old' });
    expect(new Set(others.map(({ states, after }) => `${states} ${after}`))).toEqual(new Set(['done new']));
  }, 600_000);

  it.each(POINTS)(
    'FI16 $name leaves the old image or the new, and goes on with what is missing',
    async (point) => {
      const isTagged = point.name.startsWith('after the tag') || point.name.startsWith('before the tag is read');
      expect(await killWhen(point)).toEqual({
        wasKilled: true,
        between: isTagged ? 'new' : 'old',
        states: 'done',
        after: 'new',
        sentTwice: 0,
      });
    },
    60_000,
  );
});
