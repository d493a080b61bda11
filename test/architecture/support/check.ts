import { Visitor } from 'rolldown/utils';
import { importsOf, parse, type Import } from './imports.ts';
import type { SourceFile } from './source-files.ts';
import { HOST_GLOBALS, NODE_NAMES, OWNED, ZONES, type Zone } from './zones.ts';

/** True when `path` is `place` or lies in it. */
export const isIn = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

/** The folder that a zone means for this path: `features/*` becomes `features/tree`. */
function zonePlace(zone: string, path: string): string | undefined {
  if (!zone.endsWith('/*')) return isIn(path, zone) ? zone : undefined;
  const parent = zone.slice(0, -1);
  if (!path.startsWith(parent)) return undefined;
  return parent + path.slice(parent.length).split('/')[0];
}

type Place = { readonly zone: Zone; readonly place: string };

export function zoneOf(path: string): Place | undefined {
  return ZONES.flatMap((zone) => {
    const place = zonePlace(zone.zone, path);
    return place === undefined ? [] : [{ zone, place }];
  }).toSorted((a, b) => b.place.length - a.place.length)[0];
}

function mayImport(path: string, { zone, place }: Place, { target, specifier }: Import): boolean {
  if (specifier === '(computed)') return false;
  const owner = OWNED.find(({ module }) => module === target);
  if (owner !== undefined) return zone.may.includes(target) || owner.only.some((folder) => isIn(path, folder));
  return isIn(target, place) || zone.may.some((allowed) => isIn(target, allowed) || isPackage(target, allowed));
}

const isPackage = (target: string, allowed: string): boolean => allowed.endsWith(':') && target.startsWith(allowed);

/** One line for each import that the zones do not allow. */
export function checkImports(file: SourceFile): readonly string[] {
  const place = zoneOf(file.path);
  if (place === undefined) return [`${file.path} is in no zone`];
  return importsOf(file)
    .filter((found) => !mayImport(file.path, place, found))
    .map(({ kind, target }) => `${file.path} (${place.zone.zone}): ${kind} of ${target}`);
}

/** One line for each name of a Node module that is imported where it may not be: servers, forks. */
export function checkNodeNames(file: SourceFile): readonly string[] {
  const bans = NODE_NAMES.filter(({ only }) => !only.some((folder) => isIn(file.path, folder)));
  return importsOf(file)
    .flatMap(({ target, names }) => names.map((name) => ({ target, name })))
    .filter(({ target, name }) => bans.some((ban) => ban.modules.includes(target) && ban.names.includes(name)))
    .map(({ target, name }) => `${file.path}: ${name} of ${target}`);
}

/** One line for each browser global that reaches the network or the host from outside host/. */
export function checkHostGlobals(file: SourceFile): readonly string[] {
  if (HOST_GLOBALS.only.some((folder) => isIn(file.path, folder))) return [];
  const found: string[] = [];
  const see = (name: string) => {
    if (HOST_GLOBALS.names.some((global) => global === name)) found.push(`${file.path}: ${name}`);
  };
  const globals = new Set(['window', 'globalThis', 'self', 'navigator']);
  new Visitor({
    CallExpression: (node) => node.callee.type === 'Identifier' && see(node.callee.name),
    NewExpression: (node) => node.callee.type === 'Identifier' && see(node.callee.name),
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier' || !globals.has(node.object.name)) return;
      if (node.property.type === 'Identifier') see(node.property.name);
      if (node.property.type === 'Literal') see(String(node.property.value));
    },
  }).visit(parse(file).program);
  return found;
}
