import { buildAttestation } from '../image-builder/attestation.ts';
import type { BuiltContent, WirePlatform } from '../image-builder/content.ts';
import { buildArtifact, buildIndex } from '../image-builder/image.ts';
import { buildAlpineApp } from './alpine-app.ts';
import { LINUX_AMD64, LINUX_ARM64 } from './platforms.ts';
import { describeSample, type Sample } from './sample.ts';
import { provenancePredicate, spdxDocument } from './statements.ts';

const CREATED = '2026-10-19T16:20:00Z';
const VERSION = '2.4.1';

/** Two platforms, each with an SBOM and provenance as BuildKit attaches them, and two referrers of the index. */
export const attested: Sample = {
  repository: 'samples/attested',
  *build() {
    const labels = describeSample(
      'attested',
      VERSION,
      'SBOM and provenance attached by the builder; a signature as referrer',
    );
    const images = [LINUX_AMD64, LINUX_ARM64].map((platform) => ({
      platform,
      content: buildAlpineApp({ name: 'attested', version: VERSION, created: CREATED, platform, labels }),
    }));
    const attestations = images.map(({ content, platform }) => attest(content, platform));
    const index = buildIndex([...images, ...attestations]);
    yield { content: index, tags: [VERSION, '2.4', 'latest'] };
    yield { content: signatureOf(index), tags: [] };
    yield { content: sbomOf(index), tags: [] };
  },
};

function attest(content: BuiltContent, { architecture, variant }: WirePlatform) {
  const platform = ['linux', architecture, ...(variant === undefined ? [] : [variant])].join('%2F');
  return buildAttestation(content.descriptor, `pkg:docker/samples/attested@${VERSION}?platform=${platform}`, [
    { predicateType: 'https://spdx.dev/Document', predicate: spdxDocument('attested', CREATED) },
    { predicateType: 'https://slsa.dev/provenance/v1', predicate: provenancePredicate('attested', CREATED) },
  ]);
}

/** In the shape of a signature; nothing is signed, and its own annotation says so. */
function signatureOf(index: BuiltContent): BuiltContent {
  const payload = {
    critical: {
      identity: { 'docker-reference': 'samples/attested' },
      image: { 'docker-manifest-digest': index.descriptor.digest },
      type: 'cosign container image signature',
    },
    optional: {},
  };
  return buildArtifact({
    artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json',
    subject: index.descriptor,
    files: [
      {
        content: JSON.stringify(payload),
        mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
        annotations: { 'dev.cosignproject.cosign/signature': 'bm90IGEgcmVhbCBzaWduYXR1cmU=' },
      },
    ],
    annotations: {
      'org.opencontainers.image.created': '2026-10-19T16:31:12Z',
      'org.opencontainers.image.description': 'A sample: the shape of a signature, signed by nobody',
    },
  });
}

function sbomOf(index: BuiltContent): BuiltContent {
  return buildArtifact({
    artifactType: 'application/spdx+json',
    subject: index.descriptor,
    files: [
      {
        content: JSON.stringify(spdxDocument('attested', CREATED), undefined, 2),
        mediaType: 'application/spdx+json',
        annotations: { 'org.opencontainers.image.title': 'attested.spdx.json' },
      },
    ],
    annotations: { 'org.opencontainers.image.created': '2026-10-19T16:33:40Z' },
  });
}
