import { describe, expect, it } from 'vitest';
import { pickedFolder, readDropped } from '#renderer/ui/read-dropped.ts';

type Reading = (done: (entries: readonly Entry[]) => void, fail: (error: Error) => void) => void;
type Entry = {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly file?: (done: (file: File) => void) => void;
  readonly createReader?: () => { readonly readEntries: Reading };
};

const fileEntry = (name: string): Entry => ({
  name,
  isFile: true,
  isDirectory: false,
  file: (done) => done(new File([name], name)),
});

/** As browsers do it: a hundred entries at a time, then none. */
const folderEntry = (name: string, children: readonly Entry[], problem?: Error): Entry => ({
  name,
  isFile: false,
  isDirectory: true,
  createReader: () => {
    let at = 0;
    return {
      readEntries: (done: (entries: readonly Entry[]) => void, fail: (error: Error) => void) => {
        if (problem !== undefined && at > 0) return fail(problem);
        const some = children.slice(at, at + 100);
        at += 100;
        done(some);
      },
    };
  },
});

const item = (entry: Entry | null, file: File | null = null, kind = 'file') =>
  ({ kind, webkitGetAsEntry: () => entry, getAsFile: () => file }) as unknown as DataTransferItem;
const pathsOf = (archive: { readonly files: readonly { readonly path: string }[] } | undefined) =>
  archive?.files.map(({ path }) => path);

describe('what is dropped from the desktop', () => {
  it('is a folder with every file below it, by its path inside, also of more than a hundred', async () => {
    const blobs = Array.from({ length: 250 }, (_none, index) => fileEntry(`blob-${index}`));
    const layout = folderEntry('layout', [
      fileEntry('index.json'),
      fileEntry('oci-layout'),
      folderEntry('blobs', [folderEntry('sha256', blobs)]),
    ]);
    const [archive, ...others] = await readDropped([item(layout)]);
    expect(others).toEqual([]);
    expect(archive).toMatchObject({ name: 'layout', kind: 'folder' });
    const paths = pathsOf(archive);
    expect(paths?.slice(0, 3)).toEqual(['index.json', 'oci-layout', 'blobs/sha256/blob-0']);
    expect(paths).toHaveLength(252);
    expect(await archive?.files.at(-1)?.file.text()).toBe('blob-249');
  });

  it('is each file and folder by itself, and nothing of what is no file', async () => {
    const file = new File(['x'], 'images.tar');
    const archives = await readDropped([
      item(fileEntry('images.tar'), file),
      item(null, new File(['y'], 'other.tar')),
      item(folderEntry('empty', [])),
      item(null, null, 'string'),
    ]);
    expect(archives.map(({ name, kind }) => [name, kind])).toEqual([
      ['images.tar', 'file'],
      ['other.tar', 'file'],
      ['empty', 'folder'],
    ]);
  });

  it('is handed over with what could be read when a folder lets nobody in', async () => {
    const many = Array.from({ length: 150 }, (_none, index) => fileEntry(`${index}`));
    const [archive] = await readDropped([item(folderEntry('closed', many, new Error('no permission')))]);
    expect(archive).toMatchObject({ name: 'closed', kind: 'folder', files: [] });
  });
});

describe('a folder chosen in the dialog of the browser', () => {
  const chosen = (path: string) => Object.defineProperty(new File(['x'], 'f'), 'webkitRelativePath', { value: path });

  it('has its name and the paths inside', () => {
    const archive = pickedFolder([chosen('layout/index.json'), chosen('layout/blobs/sha256/ab')]);
    expect([archive?.name, pathsOf(archive)]).toEqual(['layout', ['index.json', 'blobs/sha256/ab']]);
    expect(pickedFolder([])).toBeUndefined();
  });
});
