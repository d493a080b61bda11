import type { Descriptor } from './descriptor.ts';
import { type Digest, isDigest } from './digest.ts';
import {
  asObject,
  type JsonObject,
  listOf,
  listOfStrings,
  optionalObject,
  optionalString,
  optionalText,
  pairsOf,
  short,
} from './json-fields.ts';
import { OciError } from './oci-error.ts';
import type { Platform } from './platform.ts';

/** More descriptors than this in one manifest are refused (SECURITY-CASES M12). */
export const MAX_DESCRIPTORS = 1000;
const MAX_ANNOTATIONS = 10_000;
const MAX_LIST = 1000;

function readSize(parent: JsonObject, where: string): number {
  const size = parent['size'];
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new OciError('bad-size', `${where}.size is not a whole number of bytes from 0 to 2^53-1`);
  }
  return size;
}

function readDigest(parent: JsonObject, where: string): Digest {
  const digest = parent['digest'];
  if (typeof digest !== 'string' || !isDigest(digest)) {
    const input = typeof digest === 'string' ? digest : '';
    throw new OciError('digest-syntax', `${where}.digest is not a sha256 or sha512 digest`, input);
  }
  return digest;
}

/** The platform of an index entry or of an image config, whose field names are the same. Missing os or architecture is ''. */
export function readPlatform(source: JsonObject, where: string): Platform {
  const variant = short(optionalText(source, 'variant', where), `${where}.variant`);
  const osVersion = short(optionalText(source, 'os.version', where), `${where}.os.version`);
  return {
    os: short(optionalString(source, 'os', where) ?? '', `${where}.os`),
    architecture: short(optionalString(source, 'architecture', where) ?? '', `${where}.architecture`),
    ...(variant === undefined ? {} : { variant }),
    ...(osVersion === undefined ? {} : { osVersion }),
    osFeatures: listOfStrings(source, 'os.features', where, MAX_LIST),
    features: listOfStrings(source, 'features', where, MAX_LIST),
  };
}

/** Annotations of a manifest or descriptor, in order. @throws {OciError} kind `bad-shape`, `limit` */
export function readAnnotations(parent: JsonObject, where: string): Descriptor['annotations'] {
  return pairsOf(parent, 'annotations', where, MAX_ANNOTATIONS);
}

/**
 * Checks one descriptor. `data` is kept as it came, to be verified by whoever uses it.
 * Spec: OCI image 1.1, descriptor.md.
 * @throws {OciError} kind `bad-shape`, `bad-size` (M10), `digest-syntax` (M09), `limit`
 */
export function parseDescriptor(value: unknown, where: string): Descriptor {
  const source = asObject(value, where);
  const mediaType = short(optionalString(source, 'mediaType', where), `${where}.mediaType`);
  if (mediaType === undefined) throw new OciError('bad-shape', `${where}.mediaType is missing`);
  const artifactType = short(optionalText(source, 'artifactType', where), `${where}.artifactType`);
  const platform = optionalObject(source, 'platform', where);
  const data = optionalString(source, 'data', where);
  return {
    mediaType,
    digest: readDigest(source, where),
    sizeBytes: readSize(source, where),
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(platform === undefined ? {} : { platform: readPlatform(platform, `${where}.platform`) }),
    annotations: readAnnotations(source, where),
    urls: listOfStrings(source, 'urls', where, MAX_LIST),
    ...(data === undefined ? {} : { data }),
  };
}

/** A descriptor that need not be there. @throws {OciError} as {@link parseDescriptor} */
export function optionalDescriptor(parent: JsonObject, name: string): Descriptor | undefined {
  const value = optionalObject(parent, name, 'manifest');
  return value === undefined ? undefined : parseDescriptor(value, name);
}

/** A list of at most {@link MAX_DESCRIPTORS}; missing is empty. @throws {OciError} as {@link parseDescriptor} */
export function descriptorList(parent: JsonObject, name: string): Descriptor[] {
  const list = listOf(parent, name, 'manifest', MAX_DESCRIPTORS);
  return list.map((value, index) => parseDescriptor(value, `${name}[${index}]`));
}
