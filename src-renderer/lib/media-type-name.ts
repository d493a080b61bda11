const NAMES: ReadonlyMap<string, string> = new Map([
  ['application/vnd.oci.image.index.v1+json', 'OCI image index'],
  ['application/vnd.oci.image.manifest.v1+json', 'OCI image manifest'],
  ['application/vnd.oci.artifact.manifest.v1+json', 'OCI artifact manifest (withdrawn)'],
  ['application/vnd.oci.image.config.v1+json', 'OCI image config'],
  ['application/vnd.oci.image.layer.v1.tar', 'OCI layer, tar'],
  ['application/vnd.oci.image.layer.v1.tar+gzip', 'OCI layer, gzip'],
  ['application/vnd.oci.image.layer.v1.tar+zstd', 'OCI layer, zstd'],
  ['application/vnd.oci.image.layer.nondistributable.v1.tar', 'OCI foreign layer, tar'],
  ['application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', 'OCI foreign layer, gzip'],
  ['application/vnd.oci.image.layer.nondistributable.v1.tar+zstd', 'OCI foreign layer, zstd'],
  ['application/vnd.oci.empty.v1+json', 'OCI empty document'],
  ['application/vnd.docker.distribution.manifest.list.v2+json', 'Docker manifest list'],
  ['application/vnd.docker.distribution.manifest.v2+json', 'Docker manifest, schema 2'],
  ['application/vnd.docker.distribution.manifest.v1+json', 'Docker manifest, schema 1'],
  ['application/vnd.docker.distribution.manifest.v1+prettyjws', 'Docker manifest, schema 1, signed'],
  ['application/vnd.docker.container.image.v1+json', 'Docker image config'],
  ['application/vnd.docker.image.rootfs.diff.tar', 'Docker layer, tar'],
  ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'Docker layer, gzip'],
  ['application/vnd.docker.image.rootfs.diff.tar.zstd', 'Docker layer, zstd'],
  ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'Docker foreign layer, gzip'],
  ['application/vnd.cncf.helm.config.v1+json', 'Helm chart config'],
  ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'Helm chart'],
  ['application/vnd.in-toto+json', 'in-toto statement'],
  ['application/vnd.dev.cosign.simplesigning.v1+json', 'cosign signature'],
  ['application/vnd.dev.sigstore.bundle.v0.3+json', 'Sigstore bundle'],
  ['application/spdx+json', 'SPDX document'],
  ['application/vnd.cyclonedx+json', 'CycloneDX document'],
  ['application/vnd.wasm.config.v0+json', 'WebAssembly config'],
  ['application/wasm', 'WebAssembly module'],
]);

/** What a media type is in words, or undefined for one Gantry does not know: then show the media type itself. */
export function mediaTypeName(mediaType: string): string | undefined {
  return NAMES.get(mediaType);
}
