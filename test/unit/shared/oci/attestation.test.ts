import { describe, expect, it } from 'vitest';
import { foldAttestations, type IndexChild } from '#shared/oci/attestation.ts';
import { parseManifest } from '#shared/oci/manifest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { type Built, build, buildAttestation, buildImage, buildIndex } from '#test/support/oci-builder.ts';

function childrenOf(...built: readonly Built[]): readonly IndexChild[] {
  const index = parseManifest(buildIndex(built).bytes, MEDIA_TYPE.ociIndex);
  return index.kind === 'index' ? foldAttestations(index.manifests) : [];
}

const platformImage = (architecture: string): Built =>
  buildImage({ config: { architecture }, descriptor: { platform: { os: 'linux', architecture } } });

describe('foldAttestations', () => {
  const amd64 = platformImage('amd64');
  const arm64 = platformImage('arm64');

  it('puts each attestation under the image it refers to', () => {
    const forAmd = buildAttestation(amd64.descriptor.digest);
    const forArm = buildAttestation(arm64.descriptor.digest);
    const children = childrenOf(amd64, forAmd, arm64, forArm);
    expect(
      children.map((child) => [child.role, child.platformText, child.attestations.map((each) => each.digest)]),
    ).toEqual([
      ['platform', 'linux/amd64', [forAmd.descriptor.digest]],
      ['platform', 'linux/arm64', [forArm.descriptor.digest]],
    ]);
  });

  it('does so when the attestation comes first', () => {
    const forAmd = buildAttestation(amd64.descriptor.digest);
    expect(childrenOf(forAmd, amd64)).toMatchObject([{ attestations: [{ digest: forAmd.descriptor.digest }] }]);
  });

  it('keeps an attestation of something else in the list', () => {
    const stray = buildAttestation(arm64.descriptor.digest);
    expect(childrenOf(amd64, stray).map((child) => [child.role, child.platformText])).toEqual([
      ['platform', 'linux/amd64'],
      ['attestation', undefined],
    ]);
  });

  it('does not let attestations hide under each other', () => {
    const first = buildAttestation(amd64.descriptor.digest);
    const second = buildAttestation(first.descriptor.digest);
    expect(childrenOf(second, first).map((child) => child.role)).toEqual(['attestation', 'attestation']);
  });

  it('does not fold an image with a platform of its own, whatever it says of itself', () => {
    const sly = buildImage({
      descriptor: {
        platform: { os: 'linux', architecture: 'amd64' },
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': arm64.descriptor.digest,
        },
      },
    });
    expect(childrenOf(sly, arm64).map((child) => child.platformText)).toEqual(['linux/amd64', 'linux/arm64']);
  });

  it('tells nested indexes, artifacts and strangers apart', () => {
    const nested = buildIndex([amd64]);
    const typed = build({}, MEDIA_TYPE.ociManifest, { artifactType: 'application/x' });
    const draft = build({}, MEDIA_TYPE.ociArtifactManifest);
    const stranger = build({}, 'application/vnd.other+json');
    const unmarked = build({}, MEDIA_TYPE.ociManifest, { platform: { os: 'unknown', architecture: 'unknown' } });
    const bare = build({ bare: true }, MEDIA_TYPE.dockerManifest);
    const children = childrenOf(nested, typed, draft, stranger, unmarked, bare);
    expect(children.map((child) => child.role)).toEqual([
      'index',
      'artifact',
      'artifact',
      'unknown',
      'unknown',
      'platform',
    ]);
    expect(children.filter((child) => child.platformText !== undefined)).toEqual([]);
  });
});
