import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { ArchiveError } from '../../gantry-error.ts';
import { createPositionReader, readAt } from '../../tar/position-reader.ts';
import { scanTar, type TarEntry } from '../../tar/scan-tar.ts';
import type { ArchiveFiles } from './archive-files.ts';
import { entryPath, linkPath } from './entry-path.ts';
import { readRange } from './read-range.ts';

type File = { readonly offset: number; readonly sizeBytes: number };
type Node = { readonly kind: 'file'; readonly file: File } | { readonly kind: 'link'; readonly to: string };
/** Several nodes of one name are the same thing written again, as crane does, or an attempt at something else. */
type Tree = ReadonlyMap<string, readonly Node[]>;

/** Links that lead to links: older docker writes one, nobody more than a few. */
const MAX_LINKS = 8;

/**
 * The files of an uncompressed tar, from one walk over its headers. Takes the handle over.
 * @throws {ArchiveError} as `scanTar`; `bad-path` for any name or link that leads out (T16)
 */
export async function openTarFiles(
  handle: FileHandle,
  { name, sizeBytes, signal }: { readonly name: string; readonly sizeBytes: number; readonly signal: AbortSignal },
): Promise<ArchiveFiles> {
  const tree = toTree(await scanTar(createPositionReader(handle, sizeBytes), name, signal), name);
  const hash = ({ offset, sizeBytes: length }: File, stop: AbortSignal) =>
    hashOf(readRange(handle, { start: offset, end: offset + length }, name, stop));
  const find = createFinder(tree, name, hash);
  const need = async (path: string, stop: AbortSignal): Promise<File> => {
    const file = await find(path, stop);
    if (file === undefined) throw new ArchiveError('missing-blob', name, path);
    return file;
  };
  return {
    name,
    sizeBytes,
    sizeOf: async (path) => (await find(path, signal))?.sizeBytes,
    readSmall: async (path, limitBytes, call) => {
      const file = await need(path, call.signal);
      if (file.sizeBytes > limitBytes) throw new ArchiveError('too-large', name, path);
      call.signal.throwIfAborted();
      const bytes = await readAt(handle, file.offset, file.sizeBytes);
      if (bytes.length < file.sizeBytes) throw new ArchiveError('changed', name, path);
      return bytes;
    },
    openFile: async (path, call) => {
      const { offset, sizeBytes: length } = await need(path, call.signal);
      return readRange(handle, { start: offset + call.startByte, end: offset + length }, name, call.signal);
    },
    close: () => handle.close(),
  };
}

function toTree(entries: readonly TarEntry[], archive: string): Tree {
  const tree = new Map<string, Node[]>();
  for (const entry of entries) {
    const path = entryPath(entry.path);
    if (path === undefined) throw new ArchiveError('bad-path', archive, entry.path);
    const node = toNode(entry, path, archive);
    if (node === undefined) continue;
    const nodes = tree.get(path);
    if (nodes === undefined) tree.set(path, [node]);
    else nodes.push(node);
  }
  return tree;
}

/** Undefined for folders, which say nothing. */
function toNode({ path: written, type, offset, sizeBytes, linkTo = '' }: TarEntry, path: string, archive: string) {
  if (type === 'file') return { kind: 'file', file: { offset, sizeBytes } } as const;
  if (type === 'directory') return undefined;
  const to = type === 'symlink' ? linkPath(path, linkTo) : entryPath(linkTo);
  if (to === undefined) throw new ArchiveError('bad-path', archive, `${written} -> ${linkTo}`);
  return { kind: 'link', to } as const;
}

type Hash = (file: File, signal: AbortSignal) => Promise<string>;

/** Finds the file that a name means in the end. Readers differ in which of two things of one name they take (V14). */
function createFinder(tree: Tree, archive: string, hash: Hash) {
  const settled = new Map<string, Node>();
  const nodeAt = async (path: string, signal: AbortSignal): Promise<Node | undefined> => {
    const [first, ...others] = tree.get(path) ?? [];
    if (first === undefined || others.length === 0) return first;
    const known = settled.get(path);
    if (known !== undefined) return known;
    for (const other of others) {
      if (await isSame(first, other, (file) => hash(file, signal))) continue;
      throw new ArchiveError('bad-entry', archive, `${path} is there twice`);
    }
    settled.set(path, first);
    return first;
  };
  return async (path: string, signal: AbortSignal): Promise<File | undefined> => {
    for (let at = path, links = 0; links <= MAX_LINKS; links += 1) {
      const node = await nodeAt(at, signal);
      if (node === undefined) return undefined;
      if (node.kind === 'file') return node.file;
      at = node.to;
    }
    throw new ArchiveError('bad-path', archive, `${path} is a link that leads nowhere`);
  };
}

async function isSame(one: Node, other: Node, hash: (file: File) => Promise<string>): Promise<boolean> {
  if (one.kind === 'link' || other.kind === 'link')
    return one.kind === 'link' && other.kind === 'link' && one.to === other.to;
  return one.file.sizeBytes === other.file.sizeBytes && (await hash(one.file)) === (await hash(other.file));
}

async function hashOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}
