type Package = { readonly name: string; readonly version: string; readonly license: string };

const PACKAGES: readonly Package[] = [
  { name: 'alpine-baselayout', version: '3.7.1-r8', license: 'GPL-2.0-only' },
  { name: 'busybox', version: '1.37.0-r20', license: 'GPL-2.0-only' },
  { name: 'ca-certificates', version: '20260413-r0', license: 'MPL-2.0' },
  { name: 'musl', version: '1.2.6-r1', license: 'MIT' },
  { name: 'openssl', version: '3.5.4-r0', license: 'Apache-2.0' },
  { name: 'zlib', version: '1.3.2-r0', license: 'Zlib' },
];

/** An SPDX 2.3 document for a sample image. */
export function spdxDocument(name: string, created: string) {
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `https://example.com/spdx/${name}`,
    creationInfo: { created, creators: ['Organization: Gantry samples', 'Tool: gantry-image-builder'] },
    packages: PACKAGES.map((one) => ({
      name: one.name,
      SPDXID: `SPDXRef-Package-${one.name}`,
      versionInfo: one.version,
      downloadLocation: 'NOASSERTION',
      licenseConcluded: 'NOASSERTION',
      licenseDeclared: one.license,
      externalRefs: [
        {
          referenceCategory: 'PACKAGE-MANAGER',
          referenceType: 'purl',
          referenceLocator: `pkg:apk/alpine/${one.name}@${one.version}`,
        },
      ],
    })),
    relationships: PACKAGES.map((one) => ({
      spdxElementId: 'SPDXRef-DOCUMENT',
      relationshipType: 'DESCRIBES',
      relatedSpdxElement: `SPDXRef-Package-${one.name}`,
    })),
  };
}

/** A SLSA provenance predicate for a sample image. */
export function provenancePredicate(name: string, finished: string) {
  return {
    buildDefinition: {
      buildType: 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
      externalParameters: {
        configSource: { path: 'Dockerfile', uri: `https://example.com/gantry/${name}.git#main` },
        request: { frontend: 'dockerfile.v0', args: { target: 'release' } },
      },
      resolvedDependencies: [
        {
          uri: 'pkg:docker/alpine@3.23.2?platform=linux%2Famd64',
          digest: { sha256: '0f3b1e2d'.repeat(8) },
        },
      ],
    },
    runDetails: {
      builder: { id: 'https://example.com/gantry/builder' },
      metadata: { invocationId: `${name}-1042`, startedOn: '2026-10-19T16:14:30Z', finishedOn: finished },
    },
  };
}
