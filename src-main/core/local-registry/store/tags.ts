import { z } from 'zod';
import { type Digest, digestSchema } from '#shared/oci/digest.ts';
import { isTag } from '#shared/oci/reference.ts';
import { listFolder, readJson, removeFile } from '../../files.ts';
import { tagOfFileName } from './layout.ts';
import type { StoreContext } from './store-context.ts';

const tagSchema = z.object({ tag: z.string(), digest: digestSchema });

/** The tags of every repository as files. Whoever writes holds the lock of the repository. */
export function createTags({ layout, writer }: StoreContext) {
  const read = async (path: string) => tagSchema.safeParse(await readJson(path)).data;
  const list = async (repository: string): Promise<string[]> => {
    const names: string[] = [];
    for (const entry of await listFolder(layout.tagsDir(repository))) {
      if (!entry.isFile()) continue;
      const plain = tagOfFileName(entry.name);
      const name = plain ?? (await read(`${layout.tagsDir(repository)}/${entry.name}`))?.tag;
      if (name !== undefined && isTag(name)) names.push(name);
    }
    return names.sort();
  };
  const resolve = async (repository: string, tag: string) => {
    const entry = await read(layout.tag(repository, tag));
    return entry?.tag === tag ? entry.digest : undefined;
  };
  return {
    list,
    resolve,
    write: (repository: string, tag: string, digest: Digest) =>
      writer.write(layout.tag(repository, tag), JSON.stringify({ tag, digest })),
    async removeAllOf(repository: string, digest: Digest) {
      for (const tag of await list(repository)) {
        if ((await resolve(repository, tag)) === digest) await removeFile(layout.tag(repository, tag));
      }
    },
  };
}
