import type { Digest } from '#shared/oci/digest.ts';
import { asObject, type JsonObject, optionalText } from '#shared/oci/json-fields.ts';
import { parseJson } from '#shared/oci/json.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { MAX_DESCRIPTORS, readPlatform } from '#shared/oci/parse-descriptor.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { ArchiveError } from '../../gantry-error.ts';
import { CONFIG_LIMIT_BYTES, LIST_LIMIT_BYTES, parseDocument } from '../documents.ts';
import type { ArchiveFiles } from '../files/archive-files.ts';
import { checkPresent, type DockerImage } from './docker-image.ts';
import { legacyConfig } from './legacy-config.ts';

/** Names and tags before docker 1.10, and still written beside `manifest.json`. */
export const LEGACY_LIST = 'repositories';

const ID = /^[0-9a-f]{64}$/;
const MAX_NAMES = 1000;

type Call = { readonly signal: AbortSignal };

/**
 * The images of a tar that docker saved before 1.10: `repositories` names the top layer of each, and every layer has a
 * `json` that names its parent. One image for each top layer, with all its names.
 * Spec: moby, image/spec/v1.md.
 * @throws {ArchiveError} `bad-document`, `missing-blob`, `too-large`
 */
export async function readLegacyImages(files: ArchiveFiles, call: Call): Promise<readonly DockerImage[]> {
  const bytes = await files.readSmall(LEGACY_LIST, LIST_LIMIT_BYTES, call);
  const tops = parseDocument(files.name, LEGACY_LIST, () => readTops(asObject(parseJson(bytes), LEGACY_LIST)));
  const images: DockerImage[] = [];
  for (const [id, names] of tops) images.push(await readImage(files, id, names, call));
  return images;
}

/** Top layer → names. */
function readTops(repositories: JsonObject): ReadonlyMap<string, readonly string[]> {
  const tops = new Map<string, string[]>();
  for (const [repository, value] of Object.entries(repositories)) {
    for (const [tag, id] of Object.entries(asObject(value, repository))) {
      if (typeof id !== 'string' || !ID.test(id))
        throw new OciError('bad-shape', `${repository}:${tag} is no layer id`);
      tops.set(id, [...(tops.get(id) ?? []), `${repository}:${tag}`]);
      if (tops.size > MAX_NAMES) throw new OciError('limit', `more than ${MAX_NAMES} images`);
    }
  }
  return tops;
}

async function readImage(files: ArchiveFiles, top: string, names: readonly string[], call: Call): Promise<DockerImage> {
  const chain = await readChain(files, top, call);
  const layerPaths = chain.map(({ id }) => `${id}/layer.tar`);
  await checkPresent(files, layerPaths);
  const documents = chain.map(({ json }) => json);
  const platform = parseDocument(files.name, `${top}/json`, () =>
    formatPlatform(readPlatform(chain.at(-1)?.json ?? {}, top)),
  );
  return {
    names,
    layerPaths,
    diffIds: undefined,
    platform: platform || 'unknown',
    configDigest: undefined,
    configFor: (diffIds: readonly Digest[]) => legacyConfig(documents, diffIds),
  };
}

type Link = { readonly id: string; readonly json: JsonObject; readonly parent: string | undefined };

/** From the lowest layer to `top`. */
async function readChain(files: ArchiveFiles, top: string, call: Call): Promise<readonly Link[]> {
  const chain = new Map<string, Link>();
  for (let link = await readLink(files, top, call); ; link = await readLink(files, link.parent, call)) {
    if (chain.has(link.id)) throw new ArchiveError('bad-document', files.name, `${link.id} is its own parent`);
    if (chain.size === MAX_DESCRIPTORS) throw new ArchiveError('too-large', files.name, `${top}: too many layers`);
    chain.set(link.id, link);
    if (link.parent === undefined) return [...chain.values()].toReversed();
  }
}

async function readLink(files: ArchiveFiles, id: string, call: Call): Promise<Link> {
  const path = `${id}/json`;
  const bytes = await files.readSmall(path, CONFIG_LIMIT_BYTES, call);
  return parseDocument(files.name, path, () => {
    const json = asObject(parseJson(bytes), path);
    return { id, json, parent: readParent(json, path) };
  });
}

function readParent(json: JsonObject, path: string): string | undefined {
  const parent = optionalText(json, 'parent', path);
  if (parent !== undefined && !ID.test(parent)) throw new OciError('bad-shape', `${path}: the parent is no layer id`);
  return parent;
}
