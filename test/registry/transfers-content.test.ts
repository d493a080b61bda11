import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { helloMultiarch } from '#main/core/local-registry/samples/hello-multiarch.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import {
  build,
  buildAttestation,
  buildImage,
  buildIndex,
  buildLayer,
  type Built,
  type BuiltImage,
  digestOf,
} from '#test/support/oci-builder.ts';
import { startTestRegistry } from '#test/support/local-registry.ts';
import { pushContent } from '#test/support/push-content.ts';
import { pushImage, pushManifest } from '#test/support/push-image.ts';
import { latestOf } from '#test/support/push-samples.ts';
import { type RecordedPair, startRecordedPair } from '#test/support/recorded-pair.ts';
import { contentOf } from '#test/support/registry-content.ts';
import { hasSkopeo, skopeoRawManifest } from '#test/support/skopeo.ts';
import { hasTools } from '#test/support/tools.ts';
import { image, into, startTransferRig, type TransferRig } from '#test/support/transfers.ts';

const run = promisify(execFile);
const regctl = findGoTool('regctl');
const crane = findGoTool('crane');

const imageFor = (architecture: string, variant?: string): BuiltImage =>
  buildImage({
    layers: [buildLayer(`base of ${architecture}${variant ?? ''}`), buildLayer('shared by all')],
    config: { architecture },
    descriptor: { platform: { architecture, os: 'linux', ...(variant === undefined ? {} : { variant }) } },
  });

describe.skipIf(!hasTools('docker-registry'))('what is copied', () => {
  let pair: RecordedPair;
  let rig: TransferRig;

  beforeAll(async () => {
    pair = await startRecordedPair();
    ({ rig } = pair);
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  /** An index of three platforms, two of them with attestations. */
  async function pushMultiArch(name: string, tag = '1') {
    const [amd64, arm64, armv7] = [imageFor('amd64'), imageFor('arm64', 'v8'), imageFor('arm', 'v7')];
    const attestations = [amd64, arm64].map(({ descriptor }) =>
      buildAttestation(descriptor.digest, `of ${descriptor.digest}`),
    );
    const index = buildIndex([amd64, arm64, armv7, ...attestations], { annotations: { 'org.example.a': 'b' } });
    for (const each of [amd64, arm64, armv7, ...attestations]) await pushImage(pair.a.host, name, each, []);
    await pushManifest(pair.a.host, name, index, [tag]);
    return { index, amd64, arm64, armv7, attestations };
  }

  const copy = async (reference: string, options: Parameters<TransferRig['plan']>[2] = {}, target = into('b')) => {
    const planned = await rig.plan([image('a', reference)], target, options);
    return { row: planned.rows[0]!, view: await rig.run(planned) };
  };
  const digestAt = async (repository: string, reference: string) =>
    (await rig.client('b').getManifest({ repository, reference })).digest;
  const isThere = async (repository: string, { descriptor }: Built) =>
    (await rig
      .client('b')
      .headManifest({ repository, reference: descriptor.digest })
      .catch(() => undefined)) !== undefined;

  it.skipIf(!hasSkopeo || crane === undefined)('reads to skopeo and crane as it does at the source', async () => {
    await pushContent(pair.a.host, 'oracle/app', latestOf(helloMultiarch), ['1']);
    await copy('oracle/app:1');
    const [from, to] = [`${pair.a.host}/oracle/app`, `${pair.b.host}/oracle/app`];
    expect(await skopeoRawManifest(`${to}:1`)).toBe(await skopeoRawManifest(`${from}:1`));
    const digestBy = async (reference: string, ...options: readonly string[]) =>
      (await run(crane!, ['digest', '--insecure', ...options, reference])).stdout.trim();
    expect(await digestBy(`${to}:1`)).toBe(await digestBy(`${from}:1`));
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      const options = ['--platform', platform];
      expect(await digestBy(`${to}:1`, ...options)).toBe(await digestBy(`${from}:1`, ...options));
      const config = async (reference: string) =>
        (await run(crane!, ['config', '--insecure', ...options, reference])).stdout;
      expect(await config(`${to}:1`)).toBe(await config(`${from}:1`));
    }
    await run(crane!, ['validate', '--insecure', '--remote', `${to}:1`]);
  });

  it('comes with only the chosen platforms and their attestations, as an index with the digest that the plan told', async () => {
    const { index, amd64, arm64, armv7, attestations } = await pushMultiArch('subset/app');
    const { row, view } = await copy('subset/app:1', { platforms: ['linux/arm64/v8'] });
    expect(view).toMatchObject({ state: 'done' });
    expect(row).toMatchObject({ kind: 'index', platforms: ['linux/arm64/v8'], sourceDigest: digestOf(index.bytes) });
    expect(await digestAt('subset/app', '1')).toBe(row.resultDigest);
    expect(row.resultDigest).not.toBe(row.sourceDigest);
    const { bytes } = await rig.client('b').getManifest({ repository: 'subset/app', reference: '1' });
    const body = JSON.parse(Buffer.from(bytes).toString()) as { manifests: unknown[] };
    expect(body).toEqual({
      ...(JSON.parse(Buffer.from(index.bytes).toString()) as object),
      manifests: [arm64.descriptor, attestations[1]!.descriptor],
    });
    expect(await Promise.all([amd64, armv7, arm64].map((each) => isThere('subset/app', each)))).toEqual([
      false,
      false,
      true,
    ]);
    await contentOf(rig.client('b'), 'subset/app', '1');
    expect((await copy('subset/app:1', { platforms: ['linux/arm64'] })).row.state).toEqual({ kind: 'up-to-date' });
  });

  it.skipIf(regctl === undefined)('has the digest of what regctl makes of the same index', async () => {
    const { armv7, attestations, arm64 } = await pushMultiArch('regctl/app');
    const name = `${pair.a.host}/regctl/app`;
    await run(regctl!, ['registry', 'set', '--tls', 'disabled', pair.a.host]);
    const leave = async (from: string, to: string, ...out: readonly Built[]): Promise<string> => {
      await run(regctl!, ['image', 'copy', `${name}:${from}`, `${name}:${to}`]);
      for (const { descriptor } of out)
        await run(regctl!, ['index', 'delete', `${name}:${to}`, '--digest', descriptor.digest]);
      return (await run(regctl!, ['image', 'digest', `${name}:${to}`])).stdout.trim();
    };
    // Its own JSON to begin with: it sorts annotations when it writes.
    await leave('1', 'base', armv7);
    const cut = await leave('base', 'cut', attestations[1]!, arm64);
    const planned = await rig.plan([image('a', 'regctl/app:base')], into('b'), { platforms: ['linux/amd64'] });
    expect(planned.rows[0]?.resultDigest).toBe(cut);
  });

  it('brings what refers to the image and to its children, and what refers to that', async () => {
    const { amd64, index } = await pushMultiArch('signed/app');
    const referTo = (subject: Built, name: string) =>
      buildImage({
        layers: [buildLayer(name, 'application/vnd.example.statement')],
        manifest: { artifactType: 'application/vnd.example.statement', subject: plain(subject) },
      });
    const ofIndex = referTo(index, 'signature of the index');
    const ofChild = referTo(amd64, 'SBOM of amd64');
    const ofSbom = referTo(ofChild, 'signature of the SBOM');
    for (const [subject, each] of [
      [index, ofIndex],
      [amd64, ofChild],
      [ofChild, ofSbom],
    ] as const) {
      await pushImage(pair.a.host, 'signed/app', each, []);
      await rig
        .client('a')
        .addReferrer({ repository: 'signed/app', subject: digestOf(subject.bytes), referrer: described(each) });
    }
    const { row, view } = await copy('signed/app:1');
    expect(view).toMatchObject({ state: 'done' });
    expect(row.referrerCount).toBe(3);
    for (const [subject, each] of [
      [index, ofIndex],
      [amd64, ofChild],
      [ofChild, ofSbom],
    ] as const) {
      const page = await rig.client('b').listReferrers({ repository: 'signed/app', digest: digestOf(subject.bytes) });
      expect(page.referrers.map(({ digest }) => digest)).toEqual([each.descriptor.digest]);
    }
    const without = await rig.plan([image('a', 'signed/app:1')], into('b', 'unsigned/app'), { referrers: false });
    expect(without.rows[0]?.referrerCount).toBe(0);
  });

  it('leaves signatures of the whole behind when it is cut, and brings those of what is kept', async () => {
    const { amd64, index } = await pushMultiArch('cut/signed');
    const [ofIndex, ofChild] = [index, amd64].map((subject) =>
      buildImage({
        layers: [buildLayer(`about ${subject.descriptor.digest}`, 'application/vnd.example.statement')],
        manifest: { artifactType: 'application/vnd.example.statement', subject: plain(subject) },
      }),
    ) as [BuiltImage, BuiltImage];
    for (const [subject, each] of [
      [index, ofIndex],
      [amd64, ofChild],
    ] as const) {
      await pushImage(pair.a.host, 'cut/signed', each, []);
      await rig
        .client('a')
        .addReferrer({ repository: 'cut/signed', subject: digestOf(subject.bytes), referrer: described(each) });
    }
    const { row } = await copy('cut/signed:1', { platforms: ['linux/amd64'] });
    expect(row.referrerCount).toBe(1);
    expect([await isThere('cut/signed', ofIndex), await isThere('cut/signed', ofChild)]).toEqual([false, true]);
  });

  it("brings cosign's tags, and a signature that came after the image was up to date", async () => {
    const built = imageFor('amd64');
    await pushImage(pair.a.host, 'cosign/app', built, ['1']);
    await copy('cosign/app:1');
    expect((await copy('cosign/app:1')).row.state).toEqual({ kind: 'up-to-date' });
    const tag = `${built.descriptor.digest.replace(':', '-')}.sig`;
    const signature = buildImage({
      layers: [buildLayer('signed', 'application/vnd.dev.cosign.simplesigning.v1+json')],
    });
    await pushImage(pair.a.host, 'cosign/app', signature, [tag]);
    rig.transfers.remove(rig.transfers.list().map(({ jobId }) => jobId));
    const { row, view } = await copy('cosign/app:1');
    expect([row.state, row.referrerCount, view.state]).toEqual([{ kind: 'ready' }, 1, 'done']);
    expect(await digestAt('cosign/app', tag)).toBe(signature.descriptor.digest);
    expect((await copy('cosign/app:1')).row.state).toEqual({ kind: 'up-to-date' });
  });

  it("leaves other signatures under cosign's tag at the destination as they are, and says so", async () => {
    const built = buildImage({ layers: [buildLayer('signed twice')] });
    const tag = `${built.descriptor.digest.replace(':', '-')}.sig`;
    const [ours, theirs] = ['ours', 'theirs'].map((each) =>
      buildImage({ layers: [buildLayer(each, 'application/vnd.dev.cosign.simplesigning.v1+json')] }),
    ) as [BuiltImage, BuiltImage];
    await pushImage(pair.a.host, 'cosign/both', built, ['1']);
    await pushImage(pair.a.host, 'cosign/both', ours, [tag]);
    await pushImage(pair.b.host, 'cosign/both', theirs, [tag]);
    const { view } = await copy('cosign/both:1');
    expect(view.state).toBe('done');
    expect(await digestAt('cosign/both', tag)).toBe(theirs.descriptor.digest);
    for await (const { log } of rig.transfers.watchOne(view.jobId, AbortSignal.timeout(5000))) {
      expect(log.map(({ text }) => text).join()).toContain(tag);
      break;
    }
  });

  it('leaves foreign layers out, or reads them from the source, as chosen', async () => {
    // docker-registry takes none with an address, unless it is configured to.
    const [source, destination] = [await startTestRegistry(), await startTestRegistry()];
    await using own = await startTransferRig({ a: { host: source.address }, b: { host: destination.address } });
    const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
    const foreign = build('lies elsewhere', mediaType, { urls: ['https://elsewhere.example/layer.tar.gz'] });
    await pushImage(source.address, 'foreign/app', buildImage({ layers: [foreign, buildLayer('lies here')] }), ['1']);
    for (const [foreignLayers, count, isThere] of [
      ['skip', 1, false],
      ['include', 0, true],
    ] as const) {
      const planned = await own.plan([image('a', 'foreign/app:1')], into('b', `foreign/${foreignLayers}`), {
        foreignLayers,
      });
      expect(planned.rows[0]?.foreignLayerCount).toBe(count);
      expect(await own.run(planned)).toMatchObject({ state: 'done' });
      const call = { repository: `foreign/${foreignLayers}`, digest: digestOf(foreign.bytes) };
      expect((await own.client('b').headBlob(call)) !== undefined).toBe(isThere);
    }
    await own.close();
    await Promise.all([source.stop(), destination.stop()]);
  });

  it('copies sixty layers, zstd among them', async () => {
    const layers = Array.from({ length: 60 }, (_, index) =>
      buildLayer(`layer ${index} `.repeat(1000), index % 2 === 0 ? MEDIA_TYPE.ociLayerZstd : MEDIA_TYPE.ociLayerGzip),
    );
    await pushImage(pair.a.host, 'sixty/app', buildImage({ layers }), ['1']);
    const { view } = await copy('sixty/app:1');
    expect(view).toMatchObject({ state: 'done', sentBytes: view.totalBytes });
    expect(await contentOf(rig.client('b'), 'sixty/app', '1')).toEqual(
      await contentOf(rig.client('a'), 'sixty/app', '1'),
    );
  });

  it('is pushed by digest alone where there is no tag', async () => {
    const built = imageFor('s390x');
    await pushImage(pair.a.host, 'digest/app', built, []);
    const { row, view } = await copy(`digest/app@${built.descriptor.digest}`);
    expect([row.destination, view.state]).toEqual(['b.example/digest/app', 'done']);
    expect(await isThere('digest/app', built)).toBe(true);
    expect(
      (
        await rig
          .client('b')
          .listTags({ repository: 'digest/app' })
          .catch(() => ({ names: [] }))
      ).names,
    ).toEqual([]);
  });

  it('FI20 is what the plan saw, though the source tag moves on', async () => {
    const [first, second] = [
      buildImage({ layers: [buildLayer('first')] }),
      buildImage({ layers: [buildLayer('second')] }),
    ];
    await pushImage(pair.a.host, 'moving/app', first, ['1']);
    const planned = await rig.plan([image('a', 'moving/app:1')], into('b'));
    await pushImage(pair.a.host, 'moving/app', second, ['1']);
    expect(await rig.run(planned)).toMatchObject({ state: 'done' });
    expect(await digestAt('moving/app', '1')).toBe(first.descriptor.digest);
  });
});

/** A descriptor as a subject has it. */
function plain({ descriptor: { mediaType, digest, size } }: Built) {
  return { mediaType, digest, size };
}

function described({ bytes, descriptor }: Built) {
  return {
    mediaType: descriptor.mediaType,
    digest: digestOf(bytes),
    sizeBytes: bytes.length,
    artifactType: 'application/vnd.example.statement',
    annotations: [],
    urls: [],
  };
}
