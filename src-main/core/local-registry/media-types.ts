/** Layer and attestation media types; those of manifests and configs are in `src-shared/oci`. Spec: OCI image 1.1, media-types.md. */
export const OCI_LAYER = 'application/vnd.oci.image.layer.v1.tar';
export const OCI_LAYER_GZIP = `${OCI_LAYER}+gzip`;
export const OCI_LAYER_ZSTD = `${OCI_LAYER}+zstd`;
export const DOCKER_LAYER_GZIP = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
/** One in-toto statement, as BuildKit stores it. */
export const IN_TOTO = 'application/vnd.in-toto+json';
