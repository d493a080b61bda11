import { followPath } from '../browse/follow-path.ts';
import { inPathOrder } from '../browse/path-order.ts';
import { NONE, ROOT } from '../overlay/path-tree.ts';
import { createSlices } from '../../slices.ts';
import type { View } from '../overlay/view.ts';
import type { Ecosystem } from './installed-package.ts';

/** How a file that names packages is read. */
export type DatabaseFormat = 'dpkg' | 'apk' | 'rpm-sqlite' | 'rpm-unreadable' | 'npm' | 'python' | 'go';

/** A file of the merged view that names installed packages. */
export type FoundDatabase = {
  readonly format: DatabaseFormat;
  readonly ecosystem: Ecosystem;
  /** Of the view, links followed. */
  readonly node: number;
  /** One of many files, each for one package, which together are a database. */
  readonly isPart: boolean;
};

const ECOSYSTEM = {
  dpkg: 'deb',
  apk: 'apk',
  'rpm-sqlite': 'rpm',
  'rpm-unreadable': 'rpm',
  npm: 'npm',
  python: 'pypi',
  go: 'go',
} as const satisfies Record<DatabaseFormat, Ecosystem>;

/** Databases that have one place; the newer of two first. Later ones at the same file are the same file. */
const FIXED: ReadonlyArray<readonly [path: string, format: DatabaseFormat]> = [
  ['var/lib/dpkg/status', 'dpkg'],
  ['usr/lib/apk/db/installed', 'apk'],
  ['lib/apk/db/installed', 'apk'],
  ...['usr/lib/sysimage/rpm', 'usr/share/rpm', 'var/lib/rpm'].flatMap((folder) => [
    [`${folder}/rpmdb.sqlite`, 'rpm-sqlite'] as const,
    // Berkeley DB, and ndb.
    [`${folder}/Packages`, 'rpm-unreadable'] as const,
    [`${folder}/Packages.db`, 'rpm-unreadable'] as const,
  ]),
];
const DPKG_FOLDER = 'var/lib/dpkg/status.d';

/** Every file of a view that names installed packages, in the order in which they are to be read. */
export async function findDatabases(view: View, signal?: AbortSignal): Promise<readonly FoundDatabase[]> {
  const fixed = FIXED.flatMap(([path, format]) => fileAt(view, path, format));
  const scattered = await findScattered(view, signal);
  const all = [...fixed, ...distroless(view), ...scattered];
  const seen = new Set<number>();
  return all.filter(({ node }) => !seen.has(node) && seen.add(node));
}

function isFile({ stack: { entries }, entryOf }: View, node: number): boolean {
  const shown = entryOf(node);
  return shown >= 0 && entries.typeOf(entries.inodeOf(shown)) === 'file';
}

function fileAt(view: View, path: string, format: DatabaseFormat): readonly FoundDatabase[] {
  const followed = followPath(view, path, 'follow');
  if (followed.kind !== 'found' || !isFile(view, followed.node)) return [];
  return [{ format, ecosystem: ECOSYSTEM[format], node: followed.node, isPart: false }];
}

/** Images without dpkg have a file for each package instead. */
function distroless(view: View): readonly FoundDatabase[] {
  const folder = followPath(view, DPKG_FOLDER, 'follow');
  if (folder.kind !== 'found') return [];
  const { tree } = view.stack;
  return Array.from(tree.childrenOf(folder.node)).flatMap((node) =>
    isFile(view, node) && !tree.nameOf(node).endsWith('.md5sums')
      ? [{ format: 'dpkg', ecosystem: 'deb', node, isPart: true }]
      : [],
  );
}

/** Packages of languages, which have a file each, anywhere. */
async function findScattered(view: View, signal: AbortSignal | undefined): Promise<readonly FoundDatabase[]> {
  const { tree } = view.stack;
  const slices = createSlices(signal);
  const formats = new Map<number, DatabaseFormat>();
  await slices.each(tree.size, (node) => {
    const format = view.entryOf(node) === NONE ? undefined : scatteredFormat(view, node);
    if (format !== undefined) formats.set(node, format);
  });
  const ordered = await inPathOrder(tree, ROOT, Int32Array.from(formats.keys()), slices);
  return Array.from(ordered).flatMap((node) => {
    const format = formats.get(node);
    return format === undefined ? [] : [{ format, ecosystem: ECOSYSTEM[format], node, isPart: true }];
  });
}

function scatteredFormat(view: View, node: number): DatabaseFormat | undefined {
  const { tree } = view.stack;
  const folder = tree.parentOf(node);
  const format = formatByName(tree.nameOf(node), folder === NONE ? '' : tree.nameOf(folder));
  if (format === undefined || !isFile(view, node)) return undefined;
  return format === 'npm' && !isInNodeModules(view, folder) ? undefined : format;
}

function formatByName(name: string, folder: string): DatabaseFormat | undefined {
  if (name === 'package.json') return 'npm';
  const isPython =
    (name === 'METADATA' && folder.endsWith('.dist-info')) ||
    (name === 'PKG-INFO' && folder.endsWith('.egg-info')) ||
    name.endsWith('.egg-info');
  return isPython ? 'python' : undefined;
}

/** `node_modules/name` or `node_modules/@scope/name`. */
function isInNodeModules({ stack: { tree } }: View, folder: number): boolean {
  const above = folder <= ROOT ? NONE : tree.parentOf(folder);
  if (above <= ROOT) return false;
  if (tree.nameOf(above) === 'node_modules') return true;
  return tree.nameOf(above).startsWith('@') && tree.nameOf(tree.parentOf(above)) === 'node_modules';
}
