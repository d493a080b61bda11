import { posix } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import type { SourceFile } from './source-files.ts';

/** How a file names another: each of these joins modules, so each is checked. */
export type ImportKind = 'import' | 'export' | 'dynamic' | 'type' | 'require' | 'worker';

export type Import = {
  readonly kind: ImportKind;
  readonly specifier: string;
  /** Names taken from the module; `*` for all of it. Types are left out. */
  readonly names: readonly string[];
  /** The path in the repository, or `npm:name`, or `node:name`. */
  readonly target: string;
};

const ALIASES: Readonly<Record<string, string>> = {
  '#shared/': 'src-shared/',
  '#main/': 'src-main/',
  '#renderer/': 'src-renderer/',
  '#test/': 'test/',
};

/** Where a specifier leads from a file. npm names lose their subpath. */
export function resolveSpecifier(from: string, specifier: string): string {
  const bare = specifier.replace(/\?.*$/, '');
  if (bare.startsWith('.')) return posix.join(posix.dirname(from), bare);
  if (bare.startsWith('node:')) return bare;
  for (const [alias, folder] of Object.entries(ALIASES)) {
    if (bare.startsWith(alias)) return folder + bare.slice(alias.length);
  }
  const [scope = '', name = ''] = bare.split('/');
  return `npm:${scope.startsWith('@') ? `${scope}/${name}` : scope}`;
}

type Found = Omit<Import, 'target'>;
type Entry = { readonly isType: boolean; readonly importName: { readonly kind: string; readonly name: string | null } };

const valueNames = (entries: readonly Entry[]): string[] =>
  entries
    .filter((entry) => !entry.isType)
    .map(({ importName }) => (importName.kind === 'Name' && importName.name) || '*');

function staticImports(parsed: ReturnType<typeof parseSync>): Found[] {
  const imports = parsed.module.staticImports.map(({ moduleRequest, entries }): Found => {
    const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    return { kind: typeOnly ? 'type' : 'import', specifier: moduleRequest.value, names: valueNames(entries) };
  });
  const exports = parsed.module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap((entry): Found[] =>
      entry.moduleRequest === null
        ? []
        : [
            {
              kind: entry.isType ? 'type' : 'export',
              specifier: entry.moduleRequest.value,
              names: valueNames([entry]),
            },
          ],
    );
  return [...imports, ...exports];
}

type Node = { readonly type: string; readonly value?: unknown };

/** A path that is computed cannot be checked, so it is reported under a name that no rule allows. */
const literal = (node: Node | undefined): string =>
  node?.type === 'Literal' && typeof node.value === 'string' ? node.value : '(computed)';

function calledImports(parsed: ReturnType<typeof parseSync>): Found[] {
  const found: Found[] = [];
  const add = (kind: ImportKind, node: Node | undefined) =>
    found.push({ kind, specifier: literal(node), names: ['*'] });
  new Visitor({
    ImportExpression: (node) => add('dynamic', node.source),
    TSImportType: (node) => found.push({ kind: 'type', specifier: literal(node.source), names: [] }),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') add('require', node.arguments[0]);
    },
    NewExpression: (node) => {
      const [path, base] = node.arguments;
      const besideThisFile = base?.type === 'MemberExpression' && base.object.type === 'MetaProperty';
      if (node.callee.type === 'Identifier' && node.callee.name === 'URL' && besideThisFile) add('worker', path);
    },
  }).visit(parsed.program);
  return found;
}

/** @throws when the file is not valid TypeScript: a file that cannot be read must not pass unchecked */
export function parse(file: SourceFile): ReturnType<typeof parseSync> {
  const parsed = parseSync(file.path, file.text);
  const [error] = parsed.errors;
  if (error !== undefined) throw new Error(`${file.path}: ${error.message}`);
  return parsed;
}

/** Every way in which a file names another: static, re-exported, dynamic, type-only, required, or as a worker. */
export function importsOf(file: SourceFile): readonly Import[] {
  const parsed = parse(file);
  const found = [...staticImports(parsed), ...calledImports(parsed)];
  return found.map(({ kind, specifier, names }) => {
    const target = resolveSpecifier(file.path, specifier);
    return { kind, specifier, names, target };
  });
}
