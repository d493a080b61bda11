import { describe, expect, it } from 'vitest';
import {
  ACCEPTED_MANIFEST_TYPES,
  isForeignLayer,
  isImageConfig,
  isUninformativeType,
  layerCompression,
  manifestKind,
  stripParameters,
} from '#shared/oci/media-type.ts';

describe('layerCompression', () => {
  it.each([
    ['application/vnd.oci.image.layer.v1.tar', 'none'],
    ['application/vnd.oci.image.layer.v1.tar+gzip', 'gzip'],
    ['application/vnd.oci.image.layer.v1.tar+zstd', 'zstd'],
    ['application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', 'gzip'],
    ['application/vnd.docker.image.rootfs.diff.tar', 'none'],
    ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'gzip'],
    ['application/vnd.docker.image.rootfs.diff.tar.zstd', 'zstd'],
    ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'gzip'],
    ['application/vnd.oci.image.layer.v1.tar+gzip+encrypted', 'unknown'],
    ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'unknown'],
    ['', 'unknown'],
  ])('says of %s: %s', (mediaType, expected) => {
    expect(layerCompression(mediaType)).toBe(expected);
  });
});

describe('media types', () => {
  it('knows the shape of each type that is asked for', () => {
    expect(ACCEPTED_MANIFEST_TYPES).toHaveLength(7);
    expect(ACCEPTED_MANIFEST_TYPES.map(manifestKind)).not.toContain(undefined);
  });

  it('takes parameters and case off a Content-Type', () => {
    expect(stripParameters(' Application/JSON ; charset=utf-8')).toBe('application/json');
  });

  it.each(['', 'text/plain', 'text/html', 'application/json', 'application/octet-stream', 'binary/octet-stream'])(
    'learns nothing from "%s"',
    (mediaType) => {
      expect(isUninformativeType(mediaType)).toBe(true);
    },
  );

  it('tells foreign layers and image configs from others', () => {
    expect(isForeignLayer('application/vnd.docker.image.rootfs.foreign.diff.tar.gzip')).toBe(true);
    expect(isForeignLayer('application/vnd.oci.image.layer.nondistributable.v1.tar+gzip')).toBe(true);
    expect(isForeignLayer('application/vnd.oci.image.layer.v1.tar+gzip')).toBe(false);
    expect(isImageConfig('application/vnd.docker.container.image.v1+json')).toBe(true);
    expect(isImageConfig('application/vnd.oci.empty.v1+json')).toBe(false);
  });
});
