import { createSlices } from '../../slices.ts';
import { NONE, ROOT } from '../overlay/path-tree.ts';
import type { View } from '../overlay/view.ts';

const MIB = 1024 * 1024;
/** Nothing that Go links is smaller. */
const MIN_BYTES = 512 * 1024;
const MAX_PROGRAMS = 64;
const MAX_TOTAL_BYTES = 256 * MIB;
const EXECUTE = 0o111;
const FOLDERS: ReadonlySet<string> = new Set(['bin', 'sbin', 'libexec', 'app', 'ko-app']);
const LIBRARY = /\.so(?:\.[\d.]+)?$/;

/** Programs that may have been made with Go, by number of their node. */
export type GoPrograms = { readonly wanted: readonly number[]; readonly leftOut: readonly number[] };

/**
 * Executable files, each once however many names it has: those in the folders where programs are before others, the
 * largest first, as many as may be read through for this. `leftOut` are the others, and those that are not at hand.
 */
export async function findGoPrograms(
  view: View,
  isAtHand: (node: number) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<GoPrograms> {
  const found = new Map<number, { readonly node: number; readonly sizeBytes: number; readonly isUsual: boolean }>();
  const { tree, entries } = view.stack;
  await createSlices(signal).each(tree.size, (node) => {
    const shown = view.entryOf(node);
    const content = shown < 0 ? NONE : entries.contentOf(shown);
    if (content === NONE || found.has(content) || !isProgram(view, node, content)) return;
    found.set(content, { node, sizeBytes: entries.sizeOf(content), isUsual: isUsualPlace(view, node) });
  });
  const ordered = [...found.values()].toSorted(
    (a, b) => Number(b.isUsual) - Number(a.isUsual) || b.sizeBytes - a.sizeBytes,
  );
  const wanted: number[] = [];
  const leftOut: number[] = [];
  let totalBytes = 0;
  for (const { node, sizeBytes } of ordered) {
    const fits = wanted.length < MAX_PROGRAMS && totalBytes + sizeBytes <= MAX_TOTAL_BYTES;
    if (!fits || !(await isAtHand(node))) leftOut.push(node);
    else {
      wanted.push(node);
      totalBytes += sizeBytes;
    }
  }
  return { wanted, leftOut };
}

function isProgram({ stack: { tree, entries } }: View, node: number, content: number): boolean {
  if (entries.typeOf(content) !== 'file' || entries.sizeOf(content) < MIN_BYTES) return false;
  return (entries.modeOf(entries.inodeOf(content)) & EXECUTE) !== 0 && !LIBRARY.test(tree.nameOf(node));
}

function isUsualPlace({ stack: { tree } }: View, node: number): boolean {
  const folder = tree.parentOf(node);
  return folder === ROOT || FOLDERS.has(tree.nameOf(folder));
}
