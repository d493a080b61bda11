import { type Rows, checkWindow, type Window } from '../window.ts';
import { globMatcher } from './glob.ts';
import { textOfName } from './name-text.ts';
import { ROOT } from './node-table.ts';
import type { LayerNode, StoredIndex } from './stored-index.ts';

const TURN_MS = 8;
const CHECK_EVERY = 1024;

/**
 * Nodes whose name holds the text, whatever the case; or, with `*` or `?` in it, whose name is like the pattern; or,
 * with a `/` in it, whose path is like it (`**` goes over slashes). In the order of the tar. Others get their turn
 * while it runs.
 */
export async function searchIndex(
  index: StoredIndex,
  text: string,
  window: Window,
  signal?: AbortSignal,
): Promise<Rows<LayerNode>> {
  checkWindow(window);
  const found = await matchingNodes(index, text, signal);
  const part = found.slice(window.start, window.start + window.count);
  return { rows: part.map((node) => index.nodeAt(node)), totalCount: found.length };
}

async function matchingNodes(index: StoredIndex, text: string, signal?: AbortSignal): Promise<readonly number[]> {
  const { names } = index.columns;
  const matches = text.includes('/') ? pathMatcher(index, text) : nameMatcher(index, text);
  const found: number[] = [];
  let turn = performance.now();
  for (let node = ROOT + 1; node < names.length; node += 1) {
    if (matches(node)) found.push(node);
    if (node % CHECK_EVERY !== 0 || performance.now() - turn < TURN_MS) continue;
    await new Promise((resolve) => void setImmediate(resolve));
    signal?.throwIfAborted();
    turn = performance.now();
  }
  return found;
}

/** A name is looked at once, however often it comes. */
function nameMatcher(index: StoredIndex, text: string): (node: number) => boolean {
  const { names, stringBytes, stringStarts } = index.columns;
  const isLike = textMatcher(text);
  const known = new Uint8Array(stringStarts.length);
  return (node) => {
    const id = names[node] ?? 0;
    if (known[id] === 0) {
      known[id] = isLike(textOfName(stringBytes.subarray(stringStarts[id], stringStarts[id + 1]))) ? 2 : 1;
    }
    return known[id] === 2;
  };
}

function pathMatcher(index: StoredIndex, text: string): (node: number) => boolean {
  const plain = text.replace(/^\/+/, '');
  const isLike = textMatcher(plain);
  return (node) => isLike(index.pathOf(node));
}

function textMatcher(text: string): (candidate: string) => boolean {
  if (/[*?]/.test(text)) return globMatcher(text);
  const lower = text.toLowerCase();
  return (candidate) => candidate.toLowerCase().includes(lower);
}
