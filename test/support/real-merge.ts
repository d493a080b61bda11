import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltContent } from '#main/core/local-registry/image-builder/content.ts';
import { buildImage } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import type { TarEntry } from '#main/core/local-registry/image-builder/tar.ts';
import { writeOciLayout } from '#main/core/local-registry/image-builder/write-oci-layout.ts';
import { memoryLayer } from './memory-layer.ts';
import { run } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** An image of these layers, the lowest first. */
export function imageOf(layers: ReadonlyArray<readonly TarEntry[]>): BuiltContent {
  return buildImage({
    platform: { os: 'linux', architecture: 'amd64' },
    created: '2026-01-01T00:00:00Z',
    steps: layers.map((entries, index) => ({ createdBy: `step ${index}`, layer: buildLayer(entries) })),
  });
}

/** The same layers as indexes in memory. */
export const memoryLayersOf = (layers: ReadonlyArray<readonly TarEntry[]>) =>
  layers.map((entries) =>
    memoryLayer(
      entries.map(({ path, type, content = '', linkTo, mode }) => ({
        path,
        type: type === 'character-device' ? 'char-device' : type,
        content: Buffer.byteLength(content),
        ...(linkTo === undefined ? {} : { link: linkTo }),
        ...(mode === undefined ? {} : { mode }),
      })),
    ),
  );

/** What umoci unpacks of an image: a line for each path, with its type, size or link target. Names of one file share a number. */
export async function unpackWithUmoci(content: BuiltContent): Promise<readonly string[]> {
  const folder = temporaryFolder();
  await writeOciLayout(join(folder, 'layout'), [{ content, tag: 'image' }]);
  const bundle = join(folder, 'bundle');
  await run('umoci', ['unpack', '--rootless', '--image', `${join(folder, 'layout')}:image`, bundle]);
  return listTree(join(bundle, 'rootfs'));
}

/** A line for each path below a folder, as above. */
export function listTree(root: string): readonly string[] {
  const lines: string[] = [];
  const groups = new Map<number, string>();
  const visit = (path: string): void => {
    for (const name of readdirSync(join(root, path)).toSorted()) {
      const inner = path === '' ? name : `${path}/${name}`;
      const stat = lstatSync(join(root, inner));
      if (stat.isDirectory()) {
        lines.push(`${inner} directory`);
        visit(inner);
      } else if (stat.isSymbolicLink()) lines.push(`${inner} symlink ${readlinkSync(join(root, inner))}`);
      else {
        // The first name of a file stands for all of them.
        const first = groups.get(stat.ino) ?? inner;
        groups.set(stat.ino, first);
        lines.push(`${inner} file ${stat.size} ${first}`);
      }
    }
  };
  visit('');
  return lines.toSorted();
}
