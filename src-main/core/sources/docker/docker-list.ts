import { asObject, type JsonObject, listOfStrings, optionalText } from '#shared/oci/json-fields.ts';
import { parseJson } from '#shared/oci/json.ts';
import { createKeyChecker, KEY_CHECK_DEPTH } from '#shared/oci/key-check.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { MAX_DESCRIPTORS } from '#shared/oci/parse-descriptor.ts';
import { ArchiveError } from '../../gantry-error.ts';
import { LIST_LIMIT_BYTES, parseDocument } from '../documents.ts';
import type { ArchiveFiles } from '../files/archive-files.ts';
import { entryPath } from '../files/entry-path.ts';

/** One image of docker's `manifest.json`. Paths are names of the archive. */
export type DockerListing = {
  readonly names: readonly string[];
  readonly configPath: string;
  /** The lowest first, as in the config's `diff_ids`. */
  readonly layerPaths: readonly string[];
};

export const DOCKER_LIST = 'manifest.json';
const MAX_IMAGES = 1000;

const checkKeys = createKeyChecker({
  root: [],
  below: [{ under: [''], depth: 2, names: ['Config', 'RepoTags', 'Layers'] }],
});

/**
 * Reads the list that `docker save` writes since 1.10. Spec: moby, image/spec/v1.2.md, "Combined Image JSON + Filesystem
 * Changeset Format".
 * @throws {ArchiveError} `bad-document`, `bad-path` (T16), `too-large`
 */
export async function readDockerList(
  files: ArchiveFiles,
  call: { readonly signal: AbortSignal },
): Promise<readonly DockerListing[]> {
  const bytes = await files.readSmall(DOCKER_LIST, LIST_LIMIT_BYTES, call);
  const listed = parseDocument(files.name, DOCKER_LIST, () => {
    const list = parseJson(bytes, { onKey: checkKeys(), keyDepth: KEY_CHECK_DEPTH });
    if (!Array.isArray(list)) throw new OciError('bad-shape', 'not a list');
    if (list.length > MAX_IMAGES) throw new OciError('limit', `more than ${MAX_IMAGES} images`);
    const entries: readonly unknown[] = list;
    return entries.map((entry, index) => readEntry(asObject(entry, `[${index}]`), `[${index}]`));
  });
  return listed.map((entry) => ({
    names: entry.names,
    configPath: inside(files.name, entry.config),
    layerPaths: entry.layers.map((path) => inside(files.name, path)),
  }));
}

function readEntry(entry: JsonObject, where: string) {
  const config = optionalText(entry, 'Config', where);
  if (config === undefined) throw new OciError('bad-shape', `${where}.Config is missing`);
  return {
    config,
    names: listOfStrings(entry, 'RepoTags', where, MAX_IMAGES),
    layers: listOfStrings(entry, 'Layers', where, MAX_DESCRIPTORS),
  };
}

function inside(archive: string, text: string): string {
  const path = entryPath(text);
  if (path === undefined) throw new ArchiveError('bad-path', archive, `${DOCKER_LIST}: ${text}`);
  return path;
}
