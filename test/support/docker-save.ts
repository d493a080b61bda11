import { gunzipSync } from 'node:zlib';
import type { TarEntry } from '#main/core/local-registry/image-builder/tar.ts';
import { file, smallImage } from './archives.ts';
import { sha256 } from './sha256.ts';

/** One image of a tar. */
export type Save = { readonly names?: readonly string[] | null; readonly architecture?: string };

/** The parts of an image as docker keeps them: its config and plain layers. */
export function partsOf(architecture = 'amd64') {
  const image = smallImage(architecture);
  const [config, ...layers] = image.blobs;
  const plain = layers.map(({ bytes }) => gunzipSync(bytes));
  return {
    config: Buffer.from(config!.bytes),
    configHex: sha256(config!.bytes),
    layers: layers.map(({ bytes }) => Buffer.from(bytes)),
    plain,
  };
}

/** What docker 1.10 to 24 writes: a folder a layer, the same layer again as a link. */
export function dockerSave(...saves: readonly Save[]): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  const list: unknown[] = [];
  const first = new Map<string, string>();
  for (const [at, { names = ['app:1'], architecture }] of saves.entries()) {
    const { config, configHex, plain } = partsOf(architecture);
    const paths = plain.map((layer, index) => {
      const path = `${sha256(`${at} ${index}`)}/layer.tar`;
      const known = first.get(sha256(layer));
      entries.push(known === undefined ? file(path, layer) : { path, type: 'symlink', linkTo: `../${known}` });
      first.set(sha256(layer), known ?? path);
      return path;
    });
    entries.push(file(`${configHex}.json`, config));
    list.push({ Config: `${configHex}.json`, RepoTags: names, Layers: paths });
  }
  return [...entries, file('manifest.json', JSON.stringify(list))];
}
