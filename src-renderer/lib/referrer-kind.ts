import type { Descriptor } from '#shared/oci/descriptor.ts';

/** What a referrer is for, in one word a person knows. */
export type ReferrerKind = 'Signature' | 'SBOM' | 'Attestation' | 'Scan report' | 'Artifact';

const KINDS: ReadonlyArray<readonly [pattern: RegExp, kind: ReferrerKind]> = [
  [/^application\/vnd\.dev\.cosign\.(?:artifact\.sig|simplesigning)\./, 'Signature'],
  [/^application\/vnd\.dev\.sigstore\.bundle/, 'Signature'],
  [/^application\/vnd\.cncf\.notary\.signature$/, 'Signature'],
  [/^application\/vnd\.dev\.cosign\.artifact\.sbom\./, 'SBOM'],
  [/spdx|cyclonedx|vnd\.syft/, 'SBOM'],
  [/in-toto|vnd\.dev\.cosign\.artifact\.att\.|vnd\.dsse\.envelope/, 'Attestation'],
  [/sarif|vulnerab|aquasec|trivy/, 'Scan report'],
];

/** By its artifact type, which is a registry's own text: nothing about it has been verified. */
export function referrerKind({
  artifactType,
  mediaType,
}: Pick<Descriptor, 'artifactType' | 'mediaType'>): ReferrerKind {
  const type = (artifactType ?? mediaType).toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'Artifact';
}

/** How many there are of each kind, the most telling kinds first. */
export function countKinds(
  referrers: readonly Descriptor[],
): ReadonlyArray<readonly [kind: ReferrerKind, count: number]> {
  const order: readonly ReferrerKind[] = ['Signature', 'SBOM', 'Attestation', 'Scan report', 'Artifact'];
  const counts = new Map<ReferrerKind, number>();
  for (const referrer of referrers) {
    const kind = referrerKind(referrer);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return order.flatMap((kind) => {
    const count = counts.get(kind);
    return count === undefined ? [] : [[kind, count] as const];
  });
}
