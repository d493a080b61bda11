import type { JsonObject } from './json-fields.ts';
import { isUninformativeType, MEDIA_TYPE, stripParameters } from './media-type.ts';

/** As long as a media type can be. Spec: RFC 6838, 4.2. */
const MAX_MEDIA_TYPE = 255;

/**
 * What a manifest is by its fields, where nobody says: neither its own `mediaType` nor a Content-Type. Undefined when
 * it is none of the known shapes. The order of guesses is containers/image's.
 */
export function sniffManifestType(root: JsonObject): string | undefined {
  if (root['schemaVersion'] === 1) {
    return root['signatures'] === undefined ? MEDIA_TYPE.dockerSchema1 : MEDIA_TYPE.dockerSchema1Signed;
  }
  const config: unknown = root['config'];
  if (config !== undefined && config !== null) {
    const isDocker =
      typeof config === 'object' && 'mediaType' in config && config.mediaType === MEDIA_TYPE.dockerConfig;
    return isDocker ? MEDIA_TYPE.dockerManifest : MEDIA_TYPE.ociManifest;
  }
  const manifests: unknown = root['manifests'];
  return manifests === undefined || manifests === null ? undefined : MEDIA_TYPE.ociIndex;
}

/**
 * What a registry means by an answer: the Content-Type where that is telling, else the body's own `mediaType`, else
 * its shape, else plain JSON. Refuses nothing: whether body and header agree is for `parseManifest` to judge.
 */
export function effectiveMediaType(contentType: string, readRoot: () => JsonObject): string {
  const stated = stripParameters(contentType);
  if (!isUninformativeType(stated)) return stated;
  const root = readRoot();
  const own = root['mediaType'];
  if (typeof own === 'string' && own !== '') return stripParameters(own).slice(0, MAX_MEDIA_TYPE);
  return sniffManifestType(root) ?? 'application/json';
}
