import type { TreemapNode } from '#shared/api/files.ts';
import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';

/** A rectangle in pixels. `depth` is 0 for the directory shown; `hasLabel` says that its name has room. */
export type TreemapBox = {
  readonly node: TreemapNode;
  readonly depth: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** A directory whose content is drawn in it. */
  readonly isGroup: boolean;
  /** Number of the directory at the top that it belongs to, for its colour. */
  readonly group: number;
};

type Tree = { readonly node: TreemapNode; readonly children: Tree[] };

const HEAD = 18;
/** Smaller boxes are left to the colour of what they lie in. */
const LEAST = 3;

function grow(nodes: readonly TreemapNode[]): Tree | undefined {
  const trees = nodes.map((node): Tree => ({ node, children: [] }));
  for (const tree of trees) if (tree.node.parent !== undefined) trees[tree.node.parent]?.children.push(tree);
  return trees[0];
}

/** Lays nodes (the root first, see `files.treemap`) into a rectangle, by size, each directory around its content. */
export function layOutTreemap(nodes: readonly TreemapNode[], width: number, height: number): readonly TreemapBox[] {
  const tree = grow(nodes);
  if (tree === undefined || width <= 0 || height <= 0) return [];
  const root = hierarchy(tree, ({ children }) => children)
    .sum(({ node, children }) => (children.length === 0 ? Math.max(0, node.sizeBytes) : 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const laid = treemap<Tree>()
    .tile(treemapSquarify.ratio(1.3))
    .size([width, height])
    .round(true)
    .paddingInner(1)
    .paddingOuter(2)
    .paddingTop(({ depth, x1, x0, y1, y0 }) => (depth > 0 && x1 - x0 > 48 && y1 - y0 > 40 ? HEAD : 2))(root);
  const groups = new Map(laid.children?.map((child, index) => [child, index]));
  return laid.descendants().flatMap((each) => {
    const box = { x: each.x0, y: each.y0, width: each.x1 - each.x0, height: each.y1 - each.y0 };
    if (each.depth === 0 || box.width < LEAST || box.height < LEAST) return [];
    const top = each.ancestors().at(-2);
    const group = (top === undefined ? undefined : groups.get(top)) ?? 0;
    return [{ ...box, node: each.data.node, depth: each.depth, isGroup: each.children !== undefined, group }];
  });
}

/** The box an arrow key leads to: the nearest whose middle lies that way, within the same depth or not. */
export function nextBox(boxes: readonly TreemapBox[], from: TreemapBox, key: string): TreemapBox | undefined {
  const direction = DIRECTIONS[key];
  if (direction === undefined) return undefined;
  const [dx, dy] = direction;
  const middle = (box: TreemapBox) => [box.x + box.width / 2, box.y + box.height / 2] as const;
  const [fromX, fromY] = middle(from);
  let best: { readonly box: TreemapBox; readonly cost: number } | undefined;
  for (const box of boxes) {
    if (box === from || box.isGroup) continue;
    const [x, y] = middle(box);
    const along = (x - fromX) * dx + (y - fromY) * dy;
    const aside = Math.abs((x - fromX) * dy) + Math.abs((y - fromY) * dx);
    const cost = along + aside * 2;
    if (along > 0 && aside <= along * 2 && (best === undefined || cost < best.cost)) best = { box, cost };
  }
  return best?.box;
}

const DIRECTIONS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
