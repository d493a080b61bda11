import type { PickedArchive, PickedFile } from '../lib/transfer-draft.ts';

/** An OCI layout of many images has some thousands of blobs; a folder with more is not one. */
const MOST_FILES = 20_000;

async function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** A browser hands out a hundred at a time, and then none. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0 || all.length > MOST_FILES) return all;
    all.push(...some);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

async function collect(entry: FileSystemEntry, path: string, into: PickedFile[]): Promise<void> {
  if (into.length > MOST_FILES) return;
  if (isFile(entry)) into.push({ path, file: await fileOf(entry) });
  else if (isFolder(entry)) {
    for (const child of await childrenOf(entry)) await collect(child, `${path}/${child.name}`, into);
  }
}

/** A folder that cannot be read is handed over with what could be: the engine says that it is no archive. */
async function folderOf(entry: FileSystemDirectoryEntry, self: File | undefined): Promise<PickedArchive> {
  const files: PickedFile[] = [];
  try {
    for (const child of await childrenOf(entry)) await collect(child, child.name, files);
  } catch {
    // Its owner let nobody in, or it went away meanwhile.
  }
  return { name: entry.name, kind: 'folder', files, self };
}

/**
 * The files and folders that were dropped. Must be called during the drop itself: a browser takes the items back right
 * after it. The answer comes once folders are read.
 */
export function readDropped(items: readonly DataTransferItem[]): Promise<readonly PickedArchive[]> {
  const taken = items
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() ?? undefined }));
  return Promise.all(
    taken.map(async ({ entry, file }): Promise<PickedArchive | undefined> => {
      if (entry !== null && isFolder(entry)) return folderOf(entry, file);
      return file === undefined ? undefined : pickedFile(file);
    }),
  ).then((archives) => archives.filter((archive) => archive !== undefined));
}

/** One archive file. */
export function pickedFile(file: File): PickedArchive {
  return { name: file.name, kind: 'file', files: [{ path: file.name, file }], self: file };
}

/** The files of one folder that a person chose in the browser's own dialog. */
export function pickedFolder(files: readonly File[]): PickedArchive | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  const name = first.webkitRelativePath.split('/')[0] ?? first.name;
  return {
    name,
    kind: 'folder',
    files: files.map((file) => ({ path: file.webkitRelativePath.split('/').slice(1).join('/'), file })),
    self: undefined,
  };
}
