import { countKinds, referrerKind } from '#renderer/lib/referrer-kind.ts';
import { descriptorSchema } from '#shared/oci/descriptor.ts';
import { describe, expect, it } from 'vitest';

const manifest = 'application/vnd.oci.image.manifest.v1+json';

describe('referrerKind', () => {
  it.each([
    ['application/vnd.dev.cosign.artifact.sig.v1+json', 'Signature'],
    ['application/vnd.dev.sigstore.bundle.v0.3+json', 'Signature'],
    ['application/vnd.cncf.notary.signature', 'Signature'],
    ['application/spdx+json', 'SBOM'],
    ['text/spdx', 'SBOM'],
    ['application/vnd.cyclonedx+json', 'SBOM'],
    ['application/vnd.in-toto+json', 'Attestation'],
    ['application/sarif+json', 'Scan report'],
    ['application/vnd.example.thing', 'Artifact'],
  ])('calls %s a %s', (artifactType, kind) => {
    expect(referrerKind({ artifactType, mediaType: manifest })).toBe(kind);
  });

  it('goes by the media type where there is no artifact type', () => {
    expect(referrerKind({ mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json' })).toBe('Signature');
    expect(referrerKind({ mediaType: manifest })).toBe('Artifact');
  });
});

describe('countKinds', () => {
  it('counts each kind, signatures first', () => {
    const referrer = (artifactType: string) =>
      descriptorSchema.parse({ mediaType: manifest, digest: `sha256:${'a'.repeat(64)}`, sizeBytes: 1, artifactType });
    const types = ['application/spdx+json', 'application/vnd.cncf.notary.signature', 'application/vnd.cyclonedx+json'];
    expect(countKinds(types.map(referrer))).toEqual([
      ['Signature', 1],
      ['SBOM', 2],
    ]);
    expect(countKinds([])).toEqual([]);
  });
});
